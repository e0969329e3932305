using Pipeline.Benchmarks;
using Pipeline.Benchmarks.History;
using Pipeline.Benchmarks.Parsers;

// usage: Pipeline.Benchmarks [flow] [parsers] [activity] [records] [collect] [history] [memory]; all of them without a name.
Dictionary<string, Func<Task>> all = new(StringComparer.Ordinal)
{
    ["flow"] = FlowBenchmark.RunAsync,
    ["parsers"] = ParsersBenchmark.RunAsync,
    ["activity"] = ActivityBenchmark.RunAsync,
    ["records"] = RecordsBenchmark.RunAsync,
    ["collect"] = CollectBenchmark.RunAsync,
    ["history"] = HistoryBenchmark.RunAsync,
    ["memory"] = MemoryBenchmark.RunAsync,
};

var chosen = args.Length == 0 ? [.. all.Keys] : args;
if (chosen.FirstOrDefault(name => !all.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; there are {string.Join(", ", all.Keys)}.");
    return 2;
}

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}; compare figures within this run only.");
foreach (var name in chosen)
{
    Console.WriteLine();
    await all[name]();
}

return 0;
