package main

import (
	"fmt"
	"slices"
	"sync"

	sdconsul "github.com/go-kit/kit/sd/consul"
	"github.com/hashicorp/consul/api"
)

// instance is one address at which a service answers.
type instance struct {
	Host string `json:"host"`
	Port int    `json:"port"`
}

// directory knows who registered under which name.
type directory interface {
	register(serviceName string, at instance) error
	discover(serviceName string) ([]instance, error)
}

// memory is the directory of an instance that has no registry.
type memory struct {
	lock     sync.Mutex
	services map[string][]instance
}

func newMemory() *memory {
	return &memory{services: map[string][]instance{}}
}

func (m *memory) register(serviceName string, at instance) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	if !slices.Contains(m.services[serviceName], at) {
		m.services[serviceName] = append(m.services[serviceName], at)
	}
	return nil
}

func (m *memory) discover(serviceName string) ([]instance, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	return slices.Clone(m.services[serviceName]), nil
}

// consulDirectory asks Consul, for instances that pass their checks.
type consulDirectory struct {
	client sdconsul.Client
}

func (d consulDirectory) register(serviceName string, at instance) error {
	return d.client.Register(&api.AgentServiceRegistration{
		ID: fmt.Sprintf("%s-%s:%d", serviceName, at.Host, at.Port), Name: serviceName, Address: at.Host, Port: at.Port,
	})
}

func (d consulDirectory) discover(serviceName string) ([]instance, error) {
	entries, _, err := d.client.Service(serviceName, "", true, nil)
	found := make([]instance, 0, len(entries))
	for _, entry := range entries {
		host := entry.Service.Address
		if host == "" {
			host = entry.Node.Address
		}
		found = append(found, instance{host, entry.Service.Port})
	}
	return found, err
}
