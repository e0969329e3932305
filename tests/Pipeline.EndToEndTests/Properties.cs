// Each test runs a stack of processes of its own: two at a time would measure each other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
