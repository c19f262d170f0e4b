"""Answers what botocore does: a question as a line of JSON on standard input, the answer as a line on standard output.

  {"ask": "sign", "method", "url", "headers": [[name, value]…], "body", "region", "service", "keys": [id, secret, token],
   "time": seconds}            {"authorization"}
  {"ask": "endpoint", "environment", "service", "region"}      {"url", "region", "authorization", "date",
   "body"} of a request, or {"error"}
  {"ask": "region", "environment", "profile"}                  {"region"}
  {"ask": "credentials", "environment", "profile"}             {"keys": [id, secret, token], "link"} or {"error"} or {}

The environment of a question is all there is; HOME says where the files are. Ends when standard input closes.
"""

import datetime
import io
import json
import os
import sys

import botocore.auth
import botocore.config
import botocore.credentials
import botocore.exceptions
import botocore.parsers
import botocore.session
import botocore.tokens
from botocore.awsrequest import AWSRequest, AWSResponse


def sign(question):
    moment = datetime.datetime.fromtimestamp(question["time"], datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_, **__: moment
    request = AWSRequest(method=question["method"], url=question["url"], data=question["body"].encode())
    for name, value in question["headers"]:
        request.headers[name] = value
    identity, secret, token = question["keys"]
    auth = botocore.auth.SigV4Auth(
        botocore.credentials.Credentials(identity, secret, token or None), question["service"], question["region"]
    )
    auth.add_auth(request)
    return {"authorization": request.headers["Authorization"]}


def session(question):
    os.environ.clear()
    os.environ.update(question["environment"])
    folder = os.path.expanduser("~/.aws/sso/cache")
    # Computed when the modules are loaded.
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = folder
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = folder
    return botocore.session.Session(profile=question.get("profile"))


class Body(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def endpoint(question):
    seen = {}

    def answer(request, **_):
        seen["url"] = request.url
        seen["authorization"] = request.headers["Authorization"].decode()
        seen["region"] = seen["authorization"].split("/")[2]
        seen["date"] = request.headers["X-Amz-Date"].decode()
        seen["body"] = request.body if isinstance(request.body, str) else request.body.decode()
        return AWSResponse(request.url, 500, {}, Body(b"{}"))

    client = session(question).create_client(
        question["service"],
        region_name=question.get("region"),
        aws_access_key_id="id",
        aws_secret_access_key="secret",
        config=botocore.config.Config(retries={"total_max_attempts": 1}),
    )
    client.meta.events.register("before-send", answer)
    try:
        if question["service"] == "sts":
            client.get_caller_identity()
        else:
            client.get_secret_value(SecretId="x")
    except (botocore.exceptions.ClientError, botocore.parsers.ResponseParserError):
        pass
    return seen


def region(question):
    return {"region": session(question).get_config_variable("region")}


def credentials(question):
    found = session(question).get_credentials()
    if found is None:
        return {}
    frozen = found.get_frozen_credentials()
    return {"keys": [frozen.access_key, frozen.secret_key, frozen.token], "link": found.method}


questions = {"sign": sign, "endpoint": endpoint, "region": region, "credentials": credentials}
for line in sys.stdin:
    question = json.loads(line)
    try:
        reply = questions[question["ask"]](question)
    except Exception as error:
        reply = {"error": type(error).__name__}
    print(json.dumps(reply), flush=True)
