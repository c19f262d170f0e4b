"""Measures boto3 where AWSCases.swift measures ours, and is one of the two servers.

  aws.py serve     answers every request with one reply that is ready; prints its URL; ends when standard input does
  aws.py [--quick] prints a name, a tab, and the nanoseconds of one read

A reply that is ready takes no time to speak of, so that what a client takes itself can be seen: moto_server takes
milliseconds for a request.
"""
import asyncio
import json
import os
import sys
import time

REPLY = json.dumps(
    {
        "ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/openai-abcdef", "Name": "prod/openai",
        "VersionId": "11111111-2222-3333-4444-555555555555", "VersionStages": ["AWSCURRENT"],
        "SecretString": "fake-openai", "CreatedDate": 1800000000.0,
    }
).encode()


class Ready(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest = transport, b""

    def data_received(self, data):
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, body = self.rest.partition(b"\r\n\r\n")
            length = next(
                (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
            )
            if len(body) < length:
                return
            self.rest = body[length:]
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: %d\r\n\r\n" % len(REPLY) + REPLY
            )


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Ready, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def measure(name, url, rounds):
    import boto3

    client = boto3.client(
        "secretsmanager", endpoint_url=url, region_name="us-east-1",
        aws_access_key_id=os.environ["BENCHMARK_AWS_ID"], aws_secret_access_key=os.environ["BENCHMARK_AWS_SECRET"],
    )

    def read():
        return client.get_secret_value(SecretId="prod/openai")["SecretString"]

    if read() != "fake-openai":
        raise SystemExit("error: boto3 reads another value")
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter_ns()
        for _ in range(50):
            read()
        best = min(best, (time.perf_counter_ns() - start) / 50)
    print(f"boto3: cold read from {name}\t{best:.1f}", flush=True)


if sys.argv[1:] == ["serve"]:
    asyncio.run(serve())
else:
    rounds = 2 if "--quick" in sys.argv else 15
    measure("moto_server", os.environ["BENCHMARK_AWS_MOTO"], rounds)
    measure("a reply that is ready", os.environ["BENCHMARK_AWS_READY"], rounds)
