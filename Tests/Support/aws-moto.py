"""Runs moto_server on a port of loopback with its authorisation switched on, so that a wrong signature and a missing
permission fail as AWS's do. Prints a line of JSON ({"url", "users": {NAME: [id, secret]}, "role", "writingRole",
"region"}) and ends when standard input closes.
With --open it checks nothing: moto's check of a request without a signature, as for web identity, fails.

Users: `reader` may read secrets and take the roles, `writer` may do everything with secrets, `keeper` too but for
tags and replicas, `stranger` nothing. The role `reading` may read, and the role `writing`
do everything with secrets; the latter asks for the external id `unique-external-id`, which moto takes for granted where
none is sent.
"""

import json
import os
import sys

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")

import logging

import boto3
import requests
from moto.secretsmanager.exceptions import InvalidRequestException
from moto.secretsmanager.models import SecretsManagerBackend
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


# moto decides by the action alone.
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
sys.stdin.read()
server.stop()
