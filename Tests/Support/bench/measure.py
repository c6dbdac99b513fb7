"""Times cloudrails beside a boto3 script and terraform, in turn, against one endpoint behind one proxy that delays each call."""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
DELAY = 0.1
LAUNCH = ["node", "launch", "bitcoin.org/signet", "--yes", "--quiet"]


def post(port, path, value=None):
    data = json.dumps(value or {}).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=data, timeout=60) as answer:
        return json.loads(answer.read())


class Bench:
    def __init__(self, arguments):
        self.binary, self.moto, self.proxy = arguments.binary, arguments.endpoint, arguments.proxy
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.figures = {}
        self.environment = {
            "PATH": os.environ["PATH"], "AWS_REGION": "us-east-2", "AWS_DEFAULT_REGION": "us-east-2",
            "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.proxy}"}

    def fresh_home(self):
        home = Path(tempfile.mkdtemp(dir=self.folder))
        self.environment["HOME"] = str(home)
        return home

    def run(self, work, who, command, **options):
        """One run: wall time, calls, calls that change something, and the memory of the largest process."""
        post(self.proxy, "/proxy/rules", {"delay": DELAY})
        reader, writer = os.pipe()
        start = time.perf_counter()
        child = os.fork()
        if child == 0:
            os.close(reader)
            with open(os.devnull, "wb") as null:
                done = subprocess.run(
                    command, env={**self.environment, **options.pop("extra", {})}, stdout=null, stderr=subprocess.PIPE,
                    check=False, **options)
            usage = resource.getrusage(resource.RUSAGE_CHILDREN)
            os.write(writer, json.dumps([done.returncode, usage.ru_maxrss, done.stderr.decode()[-2000:]]).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            code, memory, said = json.loads(pipe.read())
        os.waitpid(child, 0)
        wall = time.perf_counter() - start
        calls = post(self.proxy, "/proxy/calls")
        if code != 0:
            sys.exit(f"{who}: {' '.join(map(str, command))} ended with {code}\n{said}")
        mutating = sum(call["mutating"] for call in calls)
        self.figures.setdefault((work, who), []).append((wall, len(calls), mutating, memory / 1024))

    def launches(self, runs, terraform):
        for _ in range(runs):
            post(self.moto, "/strict/reset")
            self.fresh_home()
            self.run("cold launch", "cloudrails", [self.binary, *LAUNCH])
            self.run("warm launch", "cloudrails", [self.binary, *LAUNCH])
            post(self.moto, "/strict/reset")
            self.fresh_home()
            self.run("cold launch", "boto3", [sys.executable, HERE / "boto3_launch.py"])
            if terraform:
                post(self.moto, "/strict/reset")
                self.terraform()

    def terraform(self):
        """Where terraform is installed with a mirror of its provider."""
        home = self.fresh_home()
        shutil.copy(HERE / "main.tf", home)
        mirror = os.environ.get("TERRAFORM_MIRROR", "/opt/tf-plugins")
        (home / "terraform.rc").write_text(f'provider_installation {{ filesystem_mirror {{ path = "{mirror}" }} }}\n')
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / "key"], check=True)
        extra = {
            "TF_CLI_CONFIG_FILE": str(home / "terraform.rc"), "TF_VAR_public_key": (home / "key.pub").read_text(),
            "TF_VAR_endpoint": f"http://127.0.0.1:{self.proxy}", "CHECKPOINT_DISABLE": "1"}
        subprocess.run(
            ["terraform", "init", "-input=false"], cwd=home, env={**self.environment, **extra}, check=True,
            stdout=subprocess.DEVNULL)
        apply = ["terraform", "apply", "-auto-approve", "-input=false"]
        self.run("cold launch", "terraform", apply, cwd=home, extra=extra)
        self.run("warm launch", "terraform", apply, cwd=home, extra=extra)

    def lists(self, runs, count):
        import boto3

        post(self.moto, "/strict/reset")
        ec2 = boto3.client(
            "ec2", region_name="us-east-2", endpoint_url=f"http://127.0.0.1:{self.moto}", aws_access_key_id="testing",
            aws_secret_access_key="testing")
        tags = [{"Key": "cloudrails:node", "Value": "node"}, {"Key": "cloudrails:chain", "Value": "bitcoin.org/signet"}]
        # One reservation each: the endpoint counts reservations where EC2 counts instances.
        for _ in range(count):
            ec2.run_instances(
                ImageId="ami-0000000000arm6424", InstanceType="t4g.small", MinCount=1, MaxCount=1,
                TagSpecifications=[{"ResourceType": "instance", "Tags": tags}])
        work = f"list {count:,} nodes"
        for _ in range(runs):
            self.run(work, "cloudrails", [self.binary, "node", "list"])
            self.run(work, "boto3", [sys.executable, HERE / "boto3_list.py"])

    def starts(self, runs):
        self.fresh_home()
        for _ in range(runs):
            self.run("chains list --offline", "cloudrails", [self.binary, "chains", "list", "--offline"])
            self.run("aws --version", "aws cli", ["aws", "--version"])

    def print(self):
        print(f"{'work':24}{'who':12}{'wall s: median (min-max)':28}{'calls':>6}{'changes':>9}{'MB':>8}")
        for (work, who), runs in self.figures.items():
            walls = [run[0] for run in runs]
            wall = f"{statistics.median(walls):.3f} ({min(walls):.3f}-{max(walls):.3f})"
            print(f"{work:24}{who:12}{wall:28}{runs[0][1]:>6}{runs[0][2]:>9}{max(run[3] for run in runs):>8.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--endpoint", type=int, required=True)
    parser.add_argument("--proxy", type=int, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--nodes", type=int, default=5_000)
    arguments = parser.parse_args()
    bench = Bench(arguments)
    try:
        terraform = shutil.which("terraform") and os.path.isdir(os.environ.get("TERRAFORM_MIRROR", "/opt/tf-plugins"))
        bench.starts(max(arguments.runs, 5))
        bench.launches(arguments.runs, terraform)
        bench.lists(arguments.runs, arguments.nodes)
        bench.print()
        if not terraform:
            print("terraform: not installed, or no mirror of its provider in TERRAFORM_MIRROR")
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
