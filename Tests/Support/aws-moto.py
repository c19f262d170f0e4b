"""Runs moto_server on a port of loopback with its authorisation switched on, so that a wrong signature and a missing
permission fail as AWS's do; permissions are compared with the ARNs of secrets, unlike moto's own. Prints a line of JSON
({"url", "users": {NAME: [id, secret]}, "role", "writingRole", "region"}) and ends when standard input closes. A line on
standard input is a policy, for which it makes a user and prints a line with its access key.
With --open it checks nothing: moto's check of a request without a signature, as for web identity, fails.

Users: `reader` may read secrets and take the roles, `writer` may do everything with secrets, `keeper` too but for
tags and replicas, `stranger` nothing. The role `reading` may read, and the role `writing`
do everything with secrets; the latter asks for the external id `unique-external-id`, which moto takes for granted where
none is sent.
"""

import json
import os
import re
import sys

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")

import logging

import boto3
import requests
from moto.iam.access_control import IAMPolicyStatement
from moto.iam.models import iam_backends
from moto.secretsmanager.exceptions import InvalidRequestException
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.server import ThreadedMotoServer

from loopback_port import free_port


def refuse_deleted(action, message):
    """AWS refuses some actions on what is scheduled for deletion, with this message; moto does them."""
    done = getattr(SecretsManagerBackend, action)

    def checked(self, **parameters):
        secret = self.secrets.get(parameters.get("name") or parameters.get("secret_id"))
        if secret and secret.is_deleted():
            raise InvalidRequestException(message)
        return done(self, **parameters)

    setattr(SecretsManagerBackend, action, checked)


refuse_deleted(
    "create_secret",
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
)
refuse_deleted(
    "put_secret_value",
    "You can't perform this operation on the secret because it was marked for deletion.",
)


def match(pattern, text):
    """IAM's patterns; moto's own are regular expressions, in which a '?' is something else."""
    literal = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(literal, text, re.DOTALL)


def resource(response):
    """The ARN of the secret that is asked for, which moto doesn't compare; '*' where an action has none."""
    body = json.loads(response.body or "{}")
    name = body.get("SecretId") or body.get("Name")
    if name is None or name.startswith("arn:"):
        return name or "*"
    secrets = secretsmanager_backends[response.current_account][response.region].secrets
    arn = f"arn:aws:secretsmanager:{response.region}:{response.current_account}:secret:{name}-aBcDeF"
    return secrets[name].arn if name in secrets else arn


IAMPolicyStatement._match = staticmethod(match)
SecretsManagerResponse._determine_resource = resource

logging.getLogger("werkzeug").setLevel(logging.ERROR)
region = "us-east-1"
port = free_port()
server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
server.start()
url = f"http://127.0.0.1:{port}"
admin = {
    "endpoint_url": url, "region_name": region, "aws_access_key_id": "admin", "aws_secret_access_key": "admin",
}
iam = boto3.client("iam", **admin)
secrets = boto3.client("secretsmanager", **admin)


def policy(action, resource, effect="Allow"):
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


read = policy("secretsmanager:GetSecretValue", "*")
write = policy("secretsmanager:*", "*")
extras = ["secretsmanager:TagResource", "secretsmanager:ReplicateSecretToRegions"]
anyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


def make_role(name, trust, document):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="use", PolicyDocument=document)
    return arn


role = make_role("reading", anyone, read)
partner = {"StringEquals": {"sts:ExternalId": "unique-external-id"}}
writing_role = make_role("writing", {**anyone, "Condition": partner}, write)
users = {}
for name, policies in {
    "reader": [read, policy("sts:AssumeRole", "*")],
    "writer": [write],
    "keeper": [write, policy(extras, "*", "Deny")],
    "stranger": [],
}.items():
    iam.create_user(UserName=name)
    for number, text in enumerate(policies):
        iam.put_user_policy(UserName=name, PolicyName=f"p{number}", PolicyDocument=text)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    users[name] = [key["AccessKeyId"], key["SecretAccessKey"]]
secrets.create_secret(Name="prod/openai", SecretString="fake-openai")
secrets.create_secret(Name="prod/größe", SecretString="fake-utf8")


if "--open" not in sys.argv[1:]:
    # From now on every action is checked.
    requests.post(f"{url}/moto-api/reset-auth", data="0", timeout=10).raise_for_status()
ready = {"url": url, "users": users, "role": role, "writingRole": writing_role, "region": region}
print(json.dumps(ready), flush=True)
# A line is a policy, for which a user is made; the answer is its access key. Behind moto's own door, which is shut.
backend = iam_backends["123456789012"]["aws"]
for number, line in enumerate(sys.stdin):
    name = f"line{number}"
    backend.create_user("us-east-1", name)
    backend.put_user_policy(name, "own", json.dumps(json.loads(line)))
    key = backend.create_access_key(name)
    print(json.dumps([key.access_key_id, key.secret_access_key]), flush=True)
server.stop()
