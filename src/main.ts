/** argv -> role; nothing else. */
process.stderr.write('coxswain: not wired yet\n');
