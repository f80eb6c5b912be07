// Command istio HOST:PORT answers what Istio's own discovery server would serve: worlds come in as JSON over HTTP, resources go out.
// It is Istio's public code, with its test double of an API server, so that thousands of worlds can be asked about.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"sync"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/test"
)

// world is one question: objects as YAML, and who asks.
type world struct {
	Config     string  `json:"config"`
	Kubernetes string  `json:"kubernetes"`
	Mesh       string  `json:"mesh"`
	Proxies    []proxy `json:"proxies"`
}

// answer holds, for each proxy, resources by type; or why there are none.
type answer struct {
	Error   string      `json:"error,omitempty"`
	Proxies []resources `json:"proxies,omitempty"`
}

func main() {
	var one sync.Mutex
	log.Fatal(http.ListenAndServe(os.Args[1], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		var asked world
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("content-type", "application/json")
		if err := json.NewEncoder(w).Encode(serve(asked)); err != nil {
			log.Print(err)
		}
	})))
}

func serve(asked world) answer {
	var out answer
	err := test.Wrap(func(t test.Failer) {
		server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
			Configs:                configsOf(t, asked.Config),
			KubernetesObjectString: asked.Kubernetes,
			MeshConfig:             must(mesh.ApplyMeshConfigDefaults(asked.Mesh))(t),
		})
		for _, p := range asked.Proxies {
			out.Proxies = append(out.Proxies, ask(t, server, p))
		}
	})
	if err != nil {
		out.Error = err.Error()
	}
	return out
}

// configsOf reads objects as the API server would hand them over: short host names mean the cluster's own.
func configsOf(t test.Failer, text string) []config.Config {
	configs, _, err := crd.ParseInputs(text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range configs {
		configs[i].Domain = "cluster.local"
	}
	return configs
}

func must[T any](value T, err error) func(test.Failer) T {
	return func(t test.Failer) T {
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
