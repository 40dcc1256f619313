/**
 * Simulates the service from admission to result: production's own queue, admission, deadlines,
 * cache, batching, leases and reloads, under a virtual clock, with faults. One seed is one run.
 */
package dev.glimpse.simulation;
