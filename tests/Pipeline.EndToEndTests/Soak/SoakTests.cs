using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests.Soak;

/// <summary>
/// A collector at 1,000 streams for as long as PIPELINE_SOAK_MINUTES says (<c>make soak</c>), in real time: what it uses stays what it is.
/// Not among the tests of <c>make test</c>: continuous integration runs it for three minutes beside the checks of form, where a fast leak
/// shows; a slow one shows in the long form.
/// </summary>
[Trait("Category", "Soak")]
[Collection(Measured.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int InstrumentsOfAVenue = 50;
    private const int Venues = 4;
    private const int Streams = InstrumentsOfAVenue * Venues * 5;
    private const int ShortMinutes = 3;
    private const double ShortRun = 20 * 60;
    private const double Megabyte = 1 << 20;

    // Books of Binance wait for its budget of requests.
    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2.5);

    // What is decided once for a process grows for a while: tiers of the compiler, pools, buffers of sockets. A third, at least a minute of
    // the long forms.
    private const double WarmUpPart = 1 / 3.0;

    /// <summary>
    /// Names of coins. With 1 trade and 2 quotes a second each of the 200 instruments makes some 8 frames a second: two cores suffice for the
    /// whole stack.
    /// </summary>
    private static readonly string[] Coins = [.. Enumerable.Range(0, InstrumentsOfAVenue).Select(i => $"C{i:000}")];

    [Fact]
    public async Task CollectorAtAThousandStreams_StaysWhatItIs()
    {
        var length = TimeSpan.FromMinutes(LongForm.Number("PIPELINE_SOAK_MINUTES", ShortMinutes));
        await using var stack = MakeStack();
        var broker = await stack.StartBrokerAsync();
        var simulator = await stack.StartSimulatorAsync();
        var collector = stack.BeginCollector();
        await Until.TrueAsync(stack.IsCollectorReadyAsync, () => collector.Output, StartBound);
        await Until.TrueAsync(async () => await ConfirmedAsync(stack) == Streams && await BooksAsync(stack) == InstrumentsOfAVenue * Venues, bound: StartBound);

        var watch = new SoakWatch("collector", collector, async () => Read(await stack.StatisticsAsync()));
        SoakWatch[] others =
        [
            new("broker", broker, () => Task.FromResult((0L, 0L))), new("simulator", simulator, () => Task.FromResult((0L, 0L))),
        ];
        await SampleAsync([watch, .. others], length);

        var from = length.TotalSeconds * WarmUpPart;
        Print([watch, .. others], from);
        await Until.TrueAsync(async () => await ConfirmedAsync(stack) == Streams);
        var received = watch.Samples[^1].Frames - watch.Samples[0].Frames;
        Assert.True(received > length.TotalSeconds * Streams / 4, $"{received} frames in {length}: the streams hardly flow");
        AssertIsFlat(watch, from);
        Assert.Equal(0, await stack.CounterAsync("pipeline.kafka.produce_errors") + await stack.CounterAsync("pipeline.feed.dead_letters"));
        collector.Signal(PipelineProcess.SigInt);
        Assert.Equal(0, await collector.WaitForExitAsync());
    }

    private static LocalStack MakeStack()
    {
        var ports = new[] { "binance-futures", "okx", "bybit" }.ToDictionary(venue => venue, _ => FreePort.Next());
        string What(string suffix) => $"instruments: [{string.Join(", ", Coins.Select(coin => $"{coin}-USDT{suffix}"))}]";
        string Venue(string name, string suffix = "") => $"""
              {name}:
                endpoints: {"{"}webSocket: "ws://127.0.0.1:{ports[name]}", rest: "http://127.0.0.1:{ports[name]}"{"}"}
                {What(suffix)}
                channels: [trade, quote, book, venueCandle, ticker]
            """;
        return new LocalStack(
            $"""
            {What("")}
            channels: [trade, quote, book, venueCandle, ticker]
            """,
            $"""
            binanceFuturesListen: http://127.0.0.1:{ports["binance-futures"]}
            okxListen: http://127.0.0.1:{ports["okx"]}
            bybitListen: http://127.0.0.1:{ports["bybit"]}
            tradesPerSecond: 1
            quotesPerSecond: 2
            symbols: {"{"}{string.Join(", ", Coins.Select((coin, i) => $"{coin}-USDT: {{price: {100 + i}.00, priceStep: 0.01, quantityStep: 0.001}}"))}{"}"}
            """,
            partitions: 12,
            rest: true,
            venues: $"{Venue("binance-futures", "-PERP")}\n{Venue("okx")}\n{Venue("bybit")}");
    }

    private static async Task SampleAsync(SoakWatch[] watches, TimeSpan length)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < length)
        {
            foreach (var watch in watches)
            {
                await watch.SampleAsync(elapsed.TotalSeconds);
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>After the warm-up, from its first sample to the last, by the trend of all between.</summary>
    private static void AssertIsFlat(SoakWatch watch, double from)
    {
        void Check(string what, (double Growth, double Median) of, double part, double least)
        {
            var (growth, median) = of;
            var bound = (median * part) + least;
            Assert.True(growth <= bound, string.Create(CultureInfo.InvariantCulture, $"{what} grows by {growth:#,0} around {median:#,0}; {bound:#,0} are allowed"));
        }

        // Pools and buffers of the Kafka client still fill in the first minutes, and the youngest generation of the heap up to its budget,
        // which is the processor's cache: some 30 MB that come in minutes and stay. A short run finds what leaks fast.
        var isShort = watch.Samples[^1].Seconds < ShortRun;
        Check("working set", watch.Trend(sample => sample.Resident, from), isShort ? 0.1 : 0.04, (isShort ? 32 : 6) * Megabyte);
        Check("managed heap", watch.Trend(sample => sample.Heap, from), isShort ? 0.1 : 0.05, (isShort ? 8 : 6) * Megabyte);

        // Sockets and threads of the pool are taken on while the machine is busy, and given back.
        Check("handles", watch.Floor(sample => sample.Handles, from), 0, 2);
        Check("threads", watch.Floor(sample => sample.Threads, from), 0, 2);
    }

    private void Print(SoakWatch[] watches, double from)
    {
        var text = new StringBuilder().AppendLine("| process   | time     | working set | managed heap | handles | threads | frames/s |");
        foreach (var watch in watches)
        {
            // A dozen lines, the last sample among them.
            var step = Math.Max(1, watch.Samples.Count / 12);
            for (var i = 0; i < watch.Samples.Count; i++)
            {
                if (i % step == 0 || i == watch.Samples.Count - 1)
                {
                    AppendSample(text, watch, i);
                }
            }
        }

        foreach (var watch in watches)
        {
            string Change(Func<SoakSample, double> figure, double unit, string format) => string.Create(
                CultureInfo.InvariantCulture, $"{(watch.Trend(figure, from).Growth / unit).ToString(format, CultureInfo.InvariantCulture)}");
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {watch.Name,-9} | trend {(int)from} s on: working set {Change(s => s.Resident, Megabyte, "+0.0;-0.0")} MB, managed heap {Change(s => s.Heap, Megabyte, "+0.0;-0.0")} MB, handles {Change(s => s.Handles, 1, "+0.0;-0.0;0")}, threads {Change(s => s.Threads, 1, "+0.0;-0.0;0")} |");
        }

        output.WriteLine(text.ToString());
    }

    private static void AppendSample(StringBuilder text, SoakWatch watch, int i)
    {
        var (now, before) = (watch.Samples[i], watch.Samples[Math.Max(0, i - 1)]);
        var rate = now.Seconds > before.Seconds ? (now.Frames - before.Frames) / (now.Seconds - before.Seconds) : 0;
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| {watch.Name,-9} | {now.Seconds,6:0} s | {now.Resident / Megabyte,8:0.0} MB | {now.Heap / Megabyte,9:0.0} MB | {now.Handles,7} | {now.Threads,7} | {rate,8:0} |");
    }

    private static async Task<int> ConfirmedAsync(LocalStack stack) =>
        (await stack.StatisticsAsync())["venues"]!.AsArray().Sum(venue => venue!["connections"]!.AsArray().Sum(one => (int)one!["confirmed"]!));

    private static async Task<long> BooksAsync(LocalStack stack) => (await stack.StatisticsAsync())["counters"]!.AsArray()
        .Where(one => (string)one!["name"]! == "pipeline.books.held" && (string)one["detail"]! == "valid").Sum(one => (long)one!["value"]!);

    private static (long Heap, long Frames) Read(JsonNode statistics) => (
        (long)statistics["managedHeapBytes"]!,
        statistics["counters"]!.AsArray().Where(one => (string)one!["name"]! == "pipeline.feed.frames").Sum(one => (long)one!["value"]!));
}
