"""Who can reach a workload: services, ingresses and network policies that choose its pods.

"Service", "Ingress" and "Network Policies" in the Kubernetes documentation; annotations for internal load
balancers from the clouds' own pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scanner.declared.assembling import Piece
from scanner.declared.kubernetes.cluster import Cluster
from scanner.declared.kubernetes.load import Manifest, is_set
from scanner.declared.stating import Look, Said

_INTERNAL = {
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
    "networking.gke.io/load-balancer-type": "internal",
    "cloud.google.com/load-balancer-type": "internal",
    "service.beta.kubernetes.io/openstack-internal-load-balancer": "true",
}
_ANYBODY = ("0.0.0.0/0", "::/0")


def pieces(cluster: Cluster, workload: Manifest, labels: Mapping[str, str]) -> list[Piece]:
    """The services, ingresses and policies about pods with these labels, and what each says."""
    services = cluster.services(workload, labels)
    found = [
        Piece(one.look.resource, tuple(of_service(one.look, "spec", one.annotations))) for one in services
    ]
    names = {one.name for one in services}
    for one in cluster.near("Ingress", workload):
        if names & set(_backends(one.get("spec"))):
            said = one.look.say("public_endpoint_disabled", False, "spec", "an Ingress leads to it")
            found.append(Piece(one.look.resource, (said,)))
    found += [Piece(one.look.resource, tuple(of_policy(one))) for one in cluster.policies(workload, labels)]
    return [piece for piece in found if piece.said]


def of_service(look: Look, path: str, annotations: Mapping[str, str]) -> Iterator[Said]:
    """What a service's `spec` (at `path`) says of how far it reaches."""
    kind = look.get(f"{path}.type")
    at = f"{path}.type"
    if kind == "LoadBalancer":
        if any(
            annotations.get(name, "").lower() in (value if isinstance(value, tuple) else (value,))
            for name, value in _INTERNAL.items()
        ):
            yield look.say("public_endpoint_disabled", True, at, "the load balancer is internal")
            return
        yield look.say("public_endpoint_disabled", False, at, "a load balancer gives it a public address")
        ranges = look.get(f"{path}.loadBalancerSourceRanges")
        narrow = isinstance(ranges, list) and bool(ranges) and not any(str(r) in _ANYBODY for r in ranges)
        where = f"{path}.loadBalancerSourceRanges"
        yield look.say("network_firewall_restricted", narrow, where if is_set(ranges) else at,
                       "" if narrow else "every address may connect to the load balancer")  # fmt: skip
    elif kind == "NodePort":
        reason = "a port of every node leads to it; who reaches the nodes is not in the manifests"
        yield look.unknown("public_endpoint_disabled", reason, at)
    elif is_set(look.get(f"{path}.externalIPs")):
        yield look.say(
            "public_endpoint_disabled", False, f"{path}.externalIPs", "it answers outside addresses"
        )


def _backends(spec: object) -> Iterator[str]:
    """Names of services in an Ingress, in either version's spelling."""
    if isinstance(spec, Mapping):
        for key, value in spec.items():
            if key == "serviceName" and isinstance(value, str):
                yield value
            elif key == "service" and isinstance(value, Mapping) and isinstance(value.get("name"), str):
                yield value["name"]
            else:
                yield from _backends(value)
    elif isinstance(spec, list):
        for item in spec:
            yield from _backends(item)


def of_policy(one: Manifest) -> Iterator[Said]:
    """`network_firewall_restricted` from a policy for incoming connections."""
    types = one.get("spec.policyTypes")
    ingress = one.get("spec.ingress")
    if isinstance(types, list) and "Ingress" not in types:
        return
    rules = ingress if isinstance(ingress, list) else []
    open_ = any(_lets_everybody_in(rule) for rule in rules)
    reason = "the policy lets everybody in" if open_ else ""
    yield one.look.say("network_firewall_restricted", not open_, "spec.ingress" if rules else "spec", reason)


def _lets_everybody_in(rule: object) -> bool:
    peers = rule.get("from") if isinstance(rule, Mapping) else None
    return not isinstance(peers, list) or not peers or any(_anybody(peer) for peer in peers)


def _anybody(peer: object) -> bool:
    block = peer.get("ipBlock") if isinstance(peer, Mapping) else None
    return isinstance(block, Mapping) and str(block.get("cidr")) in _ANYBODY and not block.get("except")
