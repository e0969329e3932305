// Each test runs a stack of processes of its own, which mostly waits: four at a time fill two processors. Those that measure time stand in
// the collection `Measured` and run alone.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 4)]
