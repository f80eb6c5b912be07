"""A client with the xDS of gRPC C-core: orders on standard input, outcomes on standard output."""

import json
import sys

import grpc

channels = {}


def channel_of(target):
    if target not in channels:
        channels[target] = grpc.insecure_channel(target)
    return channels[target]


def run(order):
    say = channel_of(order["target"]).unary_unary("/coxswain.test.Echo/Say")
    metadata = list(order.get("metadata", {}).items())
    answers = {}
    errors = []
    for _ in range(order["calls"]):
        try:
            answer = say(b"?", timeout=order["timeoutMs"] / 1000, metadata=metadata).decode()
            answers[answer] = answers.get(answer, 0) + 1
        except grpc.RpcError as error:
            errors.append(f"{error.code().name}: {error.details()}")
    return {"answers": answers, "errors": errors}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
