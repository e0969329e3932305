using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Venues.Binance;

/// <summary>Frames through the parser, and frames that say the same in another way or nothing at all.</summary>
internal static class BinanceFrames
{
    private static readonly byte[] Rubbish = "\"{}[],:0123456789.eE-+truefalsn\\ \u0000ÿ"u8.ToArray();

    public static FeedSource Source { get; } = MakeSource("binance", new BinanceSpotParser());

    public static FeedSource Futures { get; } = MakeSource("binance-futures", new BinanceFuturesParser());

    public static VenueBatch Parse(params byte[][] frames) => Parse(Source, frames);

    public static VenueBatch ParseFutures(params byte[][] frames) => Parse(Futures, frames);

    /// <summary>Past the predictive reader.</summary>
    public static VenueBatch ParseOrderFree(byte[] frame) => ParseOrderFree<BinanceSpotMarket>(Source, frame);

    public static VenueBatch ParseFuturesOrderFree(byte[] frame) => ParseOrderFree<BinanceFuturesMarket>(Futures, frame);

    private static VenueBatch Parse(FeedSource source, byte[][] frames)
    {
        var batch = new VenueBatch();
        var received = FrameBatch.Of(source, 1, frames);
        source.Parser!.Parse(received, batch);
        received.Release();
        return batch;
    }

    private static VenueBatch ParseOrderFree<TMarket>(FeedSource source, byte[] frame)
        where TMarket : IBinanceMarket
    {
        var batch = new VenueBatch { Source = source, ReceivedTime = 1, Frames = 1 };
        if (BinanceOrderFreeReader.Read<TMarket>(frame, source.Symbols, batch) is { } reason)
        {
            batch.AddDeadLetter(reason, frame, frame.Length);
        }

        return batch;
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
                MarketEventKind.MarkPrice => $" {batch.MarkPrices[happened.Index]}",
                MarketEventKind.FundingRate => $" {batch.FundingRates[happened.Index]}",
                MarketEventKind.Liquidation => $" {batch.Liquidations[happened.Index]}",
                _ => $" {batch.DeadLetters[happened.Index].Reason}",
            });
        }

        return text.Append(string.Concat(batch.Levels.Span.ToArray().Select(level => $" {level}"))).ToString();
    }

    /// <summary>The same event with fields shuffled, unknown fields added, white space added, or without its envelope.</summary>
    /// <param name="needsEnvelope">The stream's name is part of what the frame says.</param>
    public static byte[] Disguise(byte[] frame, Random random, bool needsEnvelope = false)
    {
        var root = JsonNode.Parse(frame)!.AsObject();
        if (!needsEnvelope && random.Next(3) == 0)
        {
            root = root["data"]!.DeepClone().AsObject();
        }

        var format = new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 };
        return Encoding.UTF8.GetBytes(Shuffle(root, random).ToJsonString(format));
    }

    /// <summary>Every stream fixture of a venue, as it is and with a field the predictive reader does not know.</summary>
    public static byte[][] InBothOrders(string venue)
    {
        byte[][] usual = [.. Directory.GetFiles(Path.Combine(Fixture.RepositoryRoot, "tests", "fixtures", venue), "ws_*").Select(File.ReadAllBytes)];
        return [.. usual, .. usual.Select(frame => (byte[])[.. "{\"new\":0,"u8, .. frame.AsSpan(1)])];
    }

    /// <summary>Parses the frames again and again; fails when that costs memory on the heap.</summary>
    public static void AssertNoAllocation(FeedSource source, byte[][] frames)
    {
        var received = FrameBatch.Of(source, 0, frames);
        var batch = new VenueBatch();
        for (var i = 0; i < 100; i++)
        {
            source.Parser!.Parse(received, batch);
            Assert.Equal(0, batch.DeadLetters.Count);
            batch.Release();
        }

        var allocated = Allocations.Least(
            () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    source.Parser!.Parse(received, batch);
                    batch.Release();
                }
            },
            rounds: 10);

        Assert.Equal(0, allocated);
    }

    /// <summary>Truncated, with bits flipped, with rubbish put in or pieces doubled.</summary>
    public static byte[] Damage(byte[] frame, Random random)
    {
        var bytes = frame.ToList();
        for (var wounds = random.Next(1, 4); wounds > 0 && bytes.Count > 1; wounds--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = Rubbish[random.Next(Rubbish.Length)];
                    break;
                case 3:
                    bytes.Insert(at, Rubbish[random.Next(Rubbish.Length)]);
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
                    break;
            }
        }

        return [.. bytes];
    }

    private static JsonObject Shuffle(JsonObject source, Random random)
    {
        var members = source.Select(member => KeyValuePair.Create(
            member.Key, member.Value is JsonObject inner ? Shuffle(inner, random) : member.Value?.DeepClone())).ToList();
        if (random.Next(2) == 0)
        {
            members.Add(new("brandNew", JsonNode.Parse("""{"e":"trade","data":[1,{"s":null}],"p":"\u00e9"}""")));
            members.RemoveAll(member => member.Key == "nq");
            members.Add(new("nq", JsonValue.Create("1.5")));
        }

        var shuffled = members.ToArray();
        random.Shuffle(shuffled);
        return new JsonObject(shuffled);
    }

    private static FeedSource MakeSource(string venue, IVenueParser parser)
    {
        var symbols = new SymbolTable();
        symbols.Add(new Instrument(0, venue, "BTC-USDT", "BTCUSDT"));
        symbols.Add(new Instrument(1, venue, "币安人生-USDT", "币安人生USDT"));
        string[] recorded = ["NKNUSDT", "BLZETH", "LRCBTC", "RUNEEUR", "ETHUSDT"];
        for (var i = 0; i < recorded.Length; i++)
        {
            symbols.Add(new Instrument(i + 2, venue, recorded[i], recorded[i]));
        }

        return new FeedSource(venue, venue + "-1", parser, symbols, 1000);
    }
}
