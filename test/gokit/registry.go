package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/go-kit/kit/sd"
	sdconsul "github.com/go-kit/kit/sd/consul"
	"github.com/go-kit/log"
	"github.com/hashicorp/consul/api"
)

// registry is where an instance is made known, and where it finds others.
type registry struct {
	registrar sd.Registrar
	directory directory
}

// registries by the name that -registry takes. Go-kit has etcdv3, zk and eureka too: each would be a line and a function.
var registries = map[string]func(options, log.Logger) (registry, error){
	"":       func(options, log.Logger) (registry, error) { return registry{silent{}, newMemory()}, nil },
	"consul": openConsul,
}

func openRegistry(o options, logger log.Logger) (registry, error) {
	open, ok := registries[o.registry]
	if !ok {
		return registry{}, fmt.Errorf("-registry %s is unknown", o.registry)
	}
	return open(o, logger)
}

// silent registers nowhere.
type silent struct{}

func (silent) Register()   {}
func (silent) Deregister() {}

func openConsul(o options, logger log.Logger) (registry, error) {
	raw, err := api.NewClient(&api.Config{Address: o.registryAddress, Token: o.token})
	if err != nil {
		return registry{}, err
	}
	registration := &api.AgentServiceRegistration{
		ID: o.id, Name: o.name, Tags: o.tags, Meta: metaOf(o), Address: o.address, Port: o.port,
	}
	switch o.check {
	case "none":
	case "http":
		registration.Check = &api.AgentServiceCheck{
			HTTP:     "http://" + net.JoinHostPort(o.address, strconv.Itoa(o.port)) + "/health",
			Interval: "1s", Timeout: "1s", DeregisterCriticalServiceAfter: "1m",
		}
	default:
		return registry{}, fmt.Errorf("-check %s is unknown", o.check)
	}
	client := sdconsul.NewClient(raw)
	return registry{sdconsul.NewRegistrar(client, registration, logger), consulDirectory{client}}, nil
}

func metaOf(o options) map[string]string {
	meta := map[string]string{"version": o.version}
	for _, pair := range o.meta {
		key, value, _ := strings.Cut(pair, "=")
		meta[key] = value
	}
	return meta
}
