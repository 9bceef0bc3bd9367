"""What integrators and QA test with: contract suites for the ports, strategies, samples.

Needs the extra ``omo[conformance]`` (pytest and Hypothesis). Import the module you need; the root imports nothing.
"""
