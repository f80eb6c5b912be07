// Command gokit is the service `register` of the Go-kit lesson, as it runs on a machine of its own: an unmodified Go-kit
// registrar tells a registry about it, and takes that back when it is told to end. Without -registry it only serves,
// which is how it runs in a pod.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-kit/log"
)

func main() {
	options, err := parseOptions(os.Args[1:])
	if err == nil {
		err = run(options)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// options of one instance. Each flag can be given as an environment variable too: -registry-address is
// REGISTER_REGISTRY_ADDRESS.
type options struct {
	listen, address                  string
	port                             int
	registry, registryAddress, token string
	name, id, check                  string
	tags, meta                       []string
	version                          string
	drain                            time.Duration
}

func parseOptions(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("gokit", flag.ContinueOnError)
	flags.StringVar(&o.listen, "listen", "", "`IP` to listen on; the address by default")
	flags.StringVar(&o.address, "address", "127.0.0.1", "`IP` that others are told")
	flags.IntVar(&o.port, "port", 12312, "0 picks a free one")
	flags.StringVar(&o.registry, "registry", "", "consul; none by default")
	flags.StringVar(&o.registryAddress, "registry-address", "127.0.0.1:8500", "`HOST:PORT`")
	flags.StringVar(&o.token, "token", "", "for the registry")
	flags.StringVar(&o.name, "name", "register", "of the service")
	flags.StringVar(&o.id, "id", "", "of the instance; made of name, address and port by default")
	flags.StringVar(&o.check, "check", "http", "http (the registry asks /health once a second) or none")
	list(flags, &o.tags, "tag", "repeatable, or separated by commas")
	list(flags, &o.meta, "meta", "`KEY=VALUE`, repeatable, or separated by commas")
	flags.StringVar(&o.version, "version", "v1", "in every answer, and in the meta")
	flags.DurationVar(&o.drain, "drain", 0, "how long it goes on serving after it has left the registry")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	return o, fromEnvironment(flags)
}

func list(flags *flag.FlagSet, into *[]string, name, usage string) {
	flags.Func(name, usage, func(text string) error {
		*into = append(*into, strings.Split(text, ",")...)
		return nil
	})
}

// fromEnvironment sets the flags that the command line leaves out.
func fromEnvironment(flags *flag.FlagSet) error {
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	var problems []error
	flags.VisitAll(func(f *flag.Flag) {
		name := "REGISTER_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if text, ok := os.LookupEnv(name); ok && !given[f.Name] {
			if err := flags.Set(f.Name, text); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
		}
	})
	return errors.Join(problems...)
}

func run(o options) error {
	logger := log.NewLogfmtLogger(log.NewSyncWriter(os.Stderr))
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()

	host := o.listen
	if host == "" {
		host = o.address
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(o.port)))
	if err != nil {
		return err
	}
	o.port = listener.Addr().(*net.TCPAddr).Port
	if o.id == "" {
		o.id = o.name + "-" + net.JoinHostPort(o.address, strconv.Itoa(o.port))
	}

	registry, err := openRegistry(o, logger)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handlerOf(registerService{registry.directory}, o)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()

	registry.registrar.Register()
	fmt.Printf("READY %s:%d\n", o.address, o.port)
	select {
	case err := <-ended:
		return err
	case <-stop.Done():
	}
	// from here on a second signal ends it at once
	cancel()
	registry.registrar.Deregister()
	time.Sleep(o.drain)
	bounded, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	return server.Shutdown(bounded)
}
