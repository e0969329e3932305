using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Tests.Venues.Binance;

namespace Pipeline.Tests.Venues;

/// <summary>A venue's parser, its order-free reader alone, and frames that say the same in another way or nothing at all.</summary>
internal sealed class ParserHarness(FeedSource source, ParserHarness.OrderFreeReader orderFree)
{
    /// <summary>The authority of the parser: null, or the reason for a dead letter.</summary>
    public delegate string? OrderFreeReader(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into);

    public FeedSource Source { get; } = source;

    /// <summary>All fixtures of a venue that hold frames of a stream.</summary>
    public static IReadOnlyList<string> Fixtures(string venue) =>
        [.. Directory.GetFiles(Path.Combine(Fixture.RepositoryRoot, "tests", "fixtures", venue), "ws_*.json").Order(StringComparer.Ordinal)];

    public VenueBatch Parse(params byte[][] frames)
    {
        var batch = new VenueBatch();
        var received = FrameBatch.Of(Source, 1, frames);
        Source.Parser!.Parse(received, batch);
        received.Release();
        return batch;
    }

    public VenueBatch Parse(string frame) => Parse(Encoding.UTF8.GetBytes(frame));

    /// <summary>Past the predictive reader.</summary>
    public VenueBatch ParseOrderFree(byte[] frame)
    {
        var batch = new VenueBatch { Source = Source, ReceivedTime = 1, Frames = 1 };
        if (orderFree(frame, Source.Symbols, batch) is { } reason)
        {
            batch.AddDeadLetter(reason, frame, frame.Length);
        }

        return batch;
    }

    /// <summary>The one dead letter of a frame, which must hold it whole.</summary>
    public string ReasonOf(string frame)
    {
        var batch = Parse(frame);
        var letter = Assert.Single(batch.DeadLetters.Span.ToArray());
        Assert.Equal(frame, Encoding.UTF8.GetString(batch.Bytes.Span.Slice(letter.Offset, letter.Length)));
        return letter.Reason;
    }

    /// <summary>Every fixture, disguised in many ways, says what it said.</summary>
    public void AssertDisguisesSayTheSame(string path)
    {
        var frame = File.ReadAllBytes(path);
        var expected = Describe(Parse(frame));
        Assert.Equal(expected, Describe(ParseOrderFree(frame)));
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(expected, Describe(Parse(Disguise(frame, random))));
        }
    }

    /// <summary>Damaged fixtures never throw, and both readers agree on them.</summary>
    public void AssertDamageNeverDisagrees(string venue, int rounds)
    {
        var random = new Random(2026);
        byte[][] frames = [.. Fixtures(venue).Select(File.ReadAllBytes)];
        for (var i = 0; i < rounds; i++)
        {
            var frame = BinanceFrames.Damage(frames[random.Next(frames.Length)], random);
            Assert.Equal(Describe(ParseOrderFree(frame)), Describe(Parse(frame)));
        }
    }

    /// <summary>Bytes allocated while all fixtures of a venue are parsed over and over, and how many frames that are.</summary>
    public (long Bytes, int Frames) MeasureAllocation(string venue)
    {
        var frames = FrameBatch.Of(Source, 0, [.. Fixtures(venue).SelectMany(path => Enumerable.Repeat(File.ReadAllBytes(path), 10))]);
        var batch = new VenueBatch();
        const int Times = 40;
        Parse();
        return (Allocations.Least(Parse), Times * frames.Count);

        void Parse()
        {
            for (var i = 0; i < Times; i++)
            {
                Source.Parser!.Parse(frames, batch);
                batch.Release();
            }
        }
    }

    /// <summary>Everything in a batch as text, for comparison.</summary>
    public static string Describe(VenueBatch batch)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"control={batch.ControlFrames} unwanted={batch.Unwanted}");
        foreach (var happened in batch.Events.Span)
        {
            text.Append(happened.Kind switch
            {
                MarketEventKind.Trade => $" {batch.Trades[happened.Index]}",
                MarketEventKind.Quote => $" {batch.Quotes[happened.Index]}",
                MarketEventKind.BookUpdate => $" {batch.BookUpdates[happened.Index]}",
                MarketEventKind.VenueCandle => $" {batch.Candles[happened.Index]}",
                MarketEventKind.Ticker => $" {batch.Tickers[happened.Index]}",
                MarketEventKind.PriceTick => $" {batch.PriceTicks[happened.Index]}",
                _ => $" {batch.DeadLetters[happened.Index].Reason}",
            });
        }

        text.Append(string.Concat(batch.Levels.Span.ToArray().Select(level => $" {level}")));
        return text.Append(' ').Append(Convert.ToHexString(batch.DeadLetters.Count == 0 ? batch.Bytes.Span : [])).ToString();
    }

    /// <summary>The same event with members shuffled, unknown members added and white space added.</summary>
    private static byte[] Disguise(byte[] frame, Random random)
    {
        var format = new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 };
        return Encoding.UTF8.GetBytes(Shuffle(JsonNode.Parse(frame)!, random)!.ToJsonString(format));
    }

    private static JsonNode? Shuffle(JsonNode? node, Random random) => node switch
    {
        JsonObject source => Shuffle(source, random),
        JsonArray array => new JsonArray([.. array.Select(each => Shuffle(each, random))]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Shuffle(JsonObject source, Random random)
    {
        var members = source.Select(member => KeyValuePair.Create(member.Key, Shuffle(member.Value, random))).ToList();
        if (random.Next(2) == 0)
        {
            members.Add(new("brandNew", JsonNode.Parse("""{"event":"x","topic":"y","data":[1,{"s":null}],"p":"\u00e9"}""")));
            members.Add(new("nq", JsonValue.Create("1.5")));
        }

        var shuffled = members.ToArray();
        random.Shuffle(shuffled);
        return new JsonObject(shuffled);
    }
}
