"""Simulates fleets of replicas behind the autoscalers of Knative and Kubernetes; ../fleet.py is its program."""
