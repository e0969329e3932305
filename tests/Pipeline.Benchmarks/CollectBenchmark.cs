using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pipeline.TestKit;

namespace Pipeline.Benchmarks;

/// <summary>
/// The whole path as it runs: simulator → WebSocket → collector → embedded broker, each a process of its own, so that each one's CPU
/// can be told apart. Trades and quotes, JSON, one connection.
/// </summary>
internal static class CollectBenchmark
{
    private const int Symbols = 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        Console.WriteLine("collect: exchange socket → embedded broker, CPU per process");
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        var started = new List<Process>();
        try
        {
            var ports = FreePorts(4);
            var topology = Path.Combine(folder, "topology.yaml");
            await File.WriteAllTextAsync(topology, Topology(ports));
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[3]}") };
            var broker = Start(started, "broker", topology);
            await UntilAsync(() => Task.FromResult(IsListening(ports[0])));
            var simulator = Start(started, "simulate", topology);
            await UntilAsync(() => Task.FromResult(IsListening(ports[2])));
            var collector = Start(started, "collect", topology);
            await UntilAsync(() => IsReadyAsync(http));
            await Task.Delay(WarmUp);
            await MeasureAsync(http, collector, broker, simulator);
        }
        finally
        {
            // In flow order, and each by its own handle: nothing else on the machine is touched.
            started.Reverse();
            started.ForEach(Stop);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(HttpClient http, params Process[] processes)
    {
        var before = await FiguresAsync(http);
        var cpuBefore = processes.Select(Cpu).ToArray();
        var clock = Stopwatch.StartNew();
        await Task.Delay(Measured);
        var after = await FiguresAsync(http);
        var cpu = processes.Select((process, i) => Cpu(process) - cpuBefore[i]).ToArray();
        var seconds = clock.Elapsed.TotalSeconds;
        var frames = after.Frames - before.Frames;
        var records = after.Records - before.Records;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {frames / seconds,9:N0} frames/s in, {records / seconds,9:N0} records/s acknowledged"));
        foreach (var (name, used) in new[] { "collector", "broker", "simulator" }.Zip(cpu))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {name,-10} {used,6:F2} CPU-s {used / cpu.Sum(),6:P0} {frames / used,12:N0} frames/CPU-s {used * 1e6 / frames,8:F2} µs/frame"));
        }
    }

    private static string Topology(int[] ports) => $"""
        kafka: {"{"} bootstrapServers: "127.0.0.1:{ports[0]}" {"}"}
        venues:
          binance:
            endpoints: {"{"} webSocket: "ws://127.0.0.1:{ports[1]}" {"}"}
            instruments: [{string.Join(", ", Enumerable.Range(0, Symbols).Select(i => $"S{i}-USDT"))}]
            channels: [trade, quote]
            tradeSource: trade
        collector: {"{"} listen: "http://127.0.0.1:{ports[3]}" {"}"}
        simulator:
          binanceSpotListen: http://127.0.0.1:{ports[1]}
          controlListen: http://127.0.0.1:{ports[2]}
          tradesPerSecond: 500
          quotesPerSecond: 1200
          symbols:
        {string.Join('\n', Enumerable.Range(0, Symbols).Select(i => $"    S{i}-USDT: {"{"} price: {100 + i}.5, priceStep: 0.01, quantityStep: 0.001 {"}"}"))}
        """;

    private static Process Start(List<Process> started, string command, string topology)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var executable = Path.Combine(
            Fixture.RepositoryRoot, "src", "Pipeline.Host", "bin", framework.Parent!.Name, framework.Name, "pipeline");
        var start = new ProcessStartInfo(executable) { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach([command, "--quiet", "--topology", topology], start.ArgumentList.Add);
        start.Environment.Remove("KAFKA_BOOTSTRAP_SERVERS");
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        started.Add(process);
        return process;
    }

    private static void Stop(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private static double Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static async Task<(long Frames, long Records)> FiguresAsync(HttpClient http)
    {
        var counters = (await http.GetFromJsonAsync<JsonNode>("/statistics"))!["counters"]!.AsArray();
        return (Sum("pipeline.feed.frames"), Sum("messaging.client.sent.messages"));

        long Sum(string name) => counters.Where(counter => (string)counter!["name"]! == name).Sum(counter => (long)counter!["value"]!);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static bool IsListening(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var clock = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
        {
            if (clock.Elapsed > StartBound)
            {
                throw new TimeoutException($"The stack did not start within {StartBound.TotalSeconds} s.");
            }
        }
    }

    private static int[] FreePorts(int count)
    {
        var probes = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        probes.ForEach(probe => probe.Start());
        var ports = probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port).ToArray();
        probes.ForEach(probe => probe.Dispose());
        return ports;
    }
}
