using System.Globalization;
using Pipeline.Core.Feeds;
using Pipeline.Venues.Binance;
using Pipeline.Venues.Okx;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>
/// Frame → records, one thread, bytes already in memory: our parsers, source-generated System.Text.Json classes and tardis-dev's
/// mappers over the same generated frames of all channels, in the venue's field order and shuffled. Contenders take turns; a contender
/// that read something else ends the run.
/// </summary>
internal static class ParsersBenchmark
{
    private const int Frames = 200_000;
    private const int Rounds = 11;
    private const int TardisRounds = 3;

    public static async Task RunAsync()
    {
        Console.WriteLine($"parsers: {Frames:N0} generated frames of all channels → records, one thread, medians of {Rounds} alternated rounds");
        var modules = await TardisRun.PrepareAsync();
        await CompareAsync("okx", new OkxAdapter(), new OkxFrameMix(), SourceGenerated.Okx, "okex", modules);
        await CompareAsync("binance", new BinanceSpotAdapter(), new BinanceFrameMix(), SourceGenerated.Binance, "binance", modules);
    }

    private static async Task CompareAsync(
        string name, IVenueAdapter adapter, FrameMix mix, Func<List<byte[]>, ParserTotals> classes, string exchange, string? modules)
    {
        var usual = mix.Make(Frames);
        await CompareAsync($"{name}, usual field order", adapter, mix, usual, classes, exchange, modules);
        await CompareAsync($"{name}, shuffled fields", adapter, mix, FieldShuffler.Shuffle(usual), classes, exchange, modules);
    }

    private static async Task CompareAsync(
        string title,
        IVenueAdapter adapter,
        FrameMix mix,
        List<byte[]> frames,
        Func<List<byte[]>, ParserTotals> classes,
        string exchange,
        string? modules)
    {
        Console.WriteLine($"  {title}, {frames.Average(frame => frame.Length):F0} bytes a frame");
        var own = new OwnParser(adapter, mix.Bases, frames);
        var expected = own.Run();
        Demand(expected.ToString(), classes(frames).ToString(), "System.Text.Json");

        // Compiled and recompiled before the first round counts.
        Repeat(20, own.Run, expected);
        var (ours, theirs) = (new List<Measurement>(), new List<Measurement>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Measurement.Of(3L * Frames, () => Repeat(3, own.Run, expected)));
            theirs.Add(Measurement.Of(Frames, () => Repeat(1, () => classes(frames), expected)));
        }

        var (we, json) = (Measurement.Median(ours), Measurement.Median(theirs));
        Console.WriteLine($"    our parser                {we}");
        Console.WriteLine($"    System.Text.Json classes  {json}");

        // Of neighbouring rounds, not of the medians: what else the machine does then burdens both.
        var ratios = theirs.Zip(ours, (other, mine) => other.NanosecondsPerMessage / mine.NanosecondsPerMessage).Order().ToList();
        Say("System.Text.Json classes", ratios[Rounds / 2]);
        if (modules is not null)
        {
            var tardis = await TardisRun.RunAsync(modules, exchange, frames, TardisRounds);
            Demand("", tardis.DifferenceFrom(expected, PartialLevels(frames)) ?? "", "tardis-dev");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    tardis-dev mappers        {tardis.NanosecondsPerFrame,9:F1} ns CPU/msg"));
            Say("tardis-dev mappers", tardis.NanosecondsPerFrame / we.NanosecondsPerMessage);
        }

        Console.WriteLine($"    equal check sums: {expected}");
    }

    /// <summary>Levels of partial books, which tardis-dev does not map: 5 a side.</summary>
    private static long PartialLevels(List<byte[]> frames) => 10L * frames.Count(
        frame => frame.AsSpan().IndexOf("@depth5@"u8) >= 0 || frame.AsSpan().IndexOf("\"books5\""u8) >= 0);

    private static void Repeat(int times, Func<ParserTotals> run, ParserTotals expected)
    {
        for (var i = 0; i < times; i++)
        {
            if (run().TradePrices != expected.TradePrices)
            {
                throw new InvalidOperationException("A contender read something else than before.");
            }
        }
    }

    private static void Demand(string expected, string read, string contender)
    {
        if (read != expected)
        {
            throw new InvalidOperationException($"{contender} read something else.\n  ours:   {expected}\n  theirs: {read}");
        }
    }

    private static void Say(string contender, double ratio) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {ratio:F1} x the speed of {contender}"));
}
