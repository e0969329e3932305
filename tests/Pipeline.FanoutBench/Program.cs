using Pipeline.FanoutBench;

// usage: Pipeline.FanoutBench MODE PORT; serves until it is ended.
Dictionary<string, Func<int, Task>> modes = new(StringComparer.Ordinal)
{
    ["links"] = LinksMode.RunInlineAsync,
    ["links-pooled"] = LinksMode.RunPooledAsync,
    ["sio"] = SocketIoMode.RunAsync,
};

if (args is not [var mode, var port] || !modes.TryGetValue(mode, out var run))
{
    Console.Error.WriteLine($"usage: Pipeline.FanoutBench {string.Join('|', modes.Keys)} PORT");
    return 2;
}

RuntimeTrace.StartWhereAsked();
await run(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
return 0;
