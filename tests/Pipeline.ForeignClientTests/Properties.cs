// One simulator and one node process at a time: on two cores clients would starve each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
