package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/go-kit/kit/endpoint"
	kithttp "github.com/go-kit/kit/transport/http"
)

// registerService is the API of the lesson, apart from how it is spoken.
type registerService struct {
	directory directory
}

var errIncomplete = errors.New("serviceName, host and port are needed")

type registration struct {
	serviceName string
	at          instance
}

func (s registerService) health(context.Context, any) (any, error) {
	return map[string]string{"status": "OK"}, nil
}

func (s registerService) discovery(_ context.Context, request any) (any, error) {
	instances, err := s.directory.discover(request.(string))
	return map[string]any{"instances": instances, "error": ""}, err
}

func (s registerService) registration(_ context.Context, request any) (any, error) {
	r := request.(registration)
	return map[string]any{"registered": true, "error": ""}, s.directory.register(r.serviceName, r.at)
}

// handlerOf serves /health, /discovery?serviceName= and /register?serviceName=&host=&port=. Every answer says which
// version and which instance gave it.
func handlerOf(service registerService, o options) http.Handler {
	serve := func(e endpoint.Endpoint, decode kithttp.DecodeRequestFunc) http.Handler {
		return kithttp.NewServer(e, decode, kithttp.EncodeJSONResponse, kithttp.ServerErrorEncoder(encodeError))
	}
	mux := http.NewServeMux()
	mux.Handle("/health", serve(service.health, kithttp.NopRequestDecoder))
	mux.Handle("/discovery", serve(service.discovery, decodeDiscovery))
	mux.Handle("/register", serve(service.registration, decodeRegistration))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("x-register-version", o.version)
		w.Header().Set("x-register-instance", o.id)
		mux.ServeHTTP(w, r)
	})
}

func decodeDiscovery(_ context.Context, r *http.Request) (any, error) {
	name := r.URL.Query().Get("serviceName")
	if name == "" {
		return nil, errIncomplete
	}
	return name, nil
}

func decodeRegistration(_ context.Context, r *http.Request) (any, error) {
	query := r.URL.Query()
	port, err := strconv.Atoi(query.Get("port"))
	if err != nil || port <= 0 || query.Get("serviceName") == "" || query.Get("host") == "" {
		return nil, errIncomplete
	}
	return registration{query.Get("serviceName"), instance{query.Get("host"), port}}, nil
}

func encodeError(_ context.Context, err error, w http.ResponseWriter) {
	w.Header().Set("content-type", "application/json")
	if errors.Is(err, errIncomplete) {
		w.WriteHeader(http.StatusBadRequest)
	} else {
		w.WriteHeader(http.StatusBadGateway)
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
