package main

import (
	"context"
	"encoding/json"
	"net"
	"time"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"istio.io/istio/pilot/pkg/networking/core"
	v3 "istio.io/istio/pilot/pkg/xds/v3"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/test"
)

// patience is for one proxy; a world takes a fraction of a second.
const patience = 30 * time.Second

type proxy struct {
	NodeID   string          `json:"nodeId"`
	Metadata json.RawMessage `json:"metadata"`
	Locality json.RawMessage `json:"locality"`
	// Extensions are the names to ask for over ECDS.
	Extensions []string `json:"extensions"`
}

// resources by type, each in protobuf's JSON with the names of the .proto files.
type resources map[string][]json.RawMessage

type stream struct {
	t    test.Failer
	ads  discovery.AggregatedDiscoveryService_StreamAggregatedResourcesClient
	node *corev3.Node
	all  resources
}

// ask subscribes as Envoy does: clusters, their endpoints, listeners, their routes.
func ask(t test.Failer, server *xds.FakeDiscoveryServer, p proxy) resources {
	dial := func(context.Context, string) (net.Conn, error) { return server.BufListener.Dial() }
	conn := must(grpc.NewClient("passthrough:///memory", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithContextDialer(dial)))(t)
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ads := must(discovery.NewAggregatedDiscoveryServiceClient(conn).StreamAggregatedResources(ctx))(t)
	s := stream{t: t, ads: ads, node: nodeOf(t, p), all: resources{}}
	if names := endpointNames(s.get("clusters", v3.ClusterType, nil)); len(names) > 0 {
		s.get("endpoints", v3.EndpointType, names)
	}
	if names := routeNames(s.get("listeners", v3.ListenerType, nil)); len(names) > 0 {
		s.get("routes", v3.RouteType, names)
	}
	if len(p.Extensions) > 0 {
		s.get("extensions", v3.ExtensionConfigurationType, p.Extensions)
	}
	return s.all
}

func (s stream) get(name, typeURL string, names []string) []proto.Message {
	send := func(version, nonce string) {
		request := &discovery.DiscoveryRequest{Node: s.node, TypeUrl: typeURL, ResourceNames: names, VersionInfo: version, ResponseNonce: nonce}
		if err := s.ads.Send(request); err != nil {
			s.t.Fatal(err)
		}
	}
	send("", "")
	response := must(s.ads.Recv())(s.t)
	for response.TypeUrl != typeURL {
		response = must(s.ads.Recv())(s.t)
	}
	send(response.VersionInfo, response.Nonce)
	var messages []proto.Message
	for _, any := range response.Resources {
		message := must(any.UnmarshalNew())(s.t)
		messages = append(messages, message)
		s.all[name] = append(s.all[name], must(protojson.MarshalOptions{UseProtoNames: true}.Marshal(message))(s.t))
	}
	return messages
}

func nodeOf(t test.Failer, p proxy) *corev3.Node {
	node := &corev3.Node{Id: p.NodeID, Metadata: &structpb.Struct{}, Locality: &corev3.Locality{}}
	read := func(text json.RawMessage, into proto.Message) {
		if len(text) == 0 {
			return
		}
		if err := protojson.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	read(p.Metadata, node.Metadata)
	read(p.Locality, node.Locality)
	return node
}

func endpointNames(messages []proto.Message) []string {
	var names []string
	for _, message := range messages {
		cluster, ok := message.(*clusterv3.Cluster)
		if !ok || cluster.GetType() != clusterv3.Cluster_EDS {
			continue
		}
		name := cluster.GetEdsClusterConfig().GetServiceName()
		if name == "" {
			name = cluster.GetName()
		}
		names = append(names, name)
	}
	return names
}

func routeNames(messages []proto.Message) []string {
	var listeners []*listenerv3.Listener
	for _, message := range messages {
		if listener, ok := message.(*listenerv3.Listener); ok {
			listeners = append(listeners, listener)
		}
	}
	return core.ExtractRoutesFromListeners(listeners)
}
