"""The local endpoint and the proxy keep one test's requests from the next."""

import http.client
import socket
import time

from conftest import Endpoint, Proxy

BODY = "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16"
HEAD = (
    "POST / HTTP/1.1\r\nHost: ec2.us-east-2.amazonaws.com\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-2/ec2/aws4_request, SignedHeaders=host, Signature=0\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n")


def vpcs(endpoint: Endpoint) -> int:
    return len(endpoint.client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"])


def send(port: int, text: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(text.encode())
    return connection


def status(connection: socket.socket) -> int:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status


def test_a_request_from_before_a_reset_is_none_of_the_next_account(endpoint: Endpoint) -> None:
    late = send(endpoint.port, HEAD)
    endpoint.reset()
    late.sendall(BODY.encode())
    assert status(late) == 503
    assert endpoint.calls() == [] and vpcs(endpoint) == 0
    assert status(send(endpoint.port, HEAD + BODY)) == 200
    assert vpcs(endpoint) == 1


def test_what_the_proxy_still_holds_ends_with_the_test(endpoint: Endpoint, proxy: Proxy) -> None:
    proxy.rules(delay=0.5)
    send(proxy.port, HEAD + BODY)
    while not proxy.calls():
        time.sleep(0.01)
    proxy.end()
    time.sleep(1)
    assert endpoint.calls() == [] and proxy.calls() == []
    assert status(send(proxy.port, HEAD + BODY)) == 200
    assert [call["action"] for call in endpoint.calls()] == ["CreateVpc"]
