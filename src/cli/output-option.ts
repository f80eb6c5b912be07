import { Option } from 'commander';

/** `-o short|json`, as commands that show something have it. */
export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to print it').choices(['short', 'json']).default('short');
}
