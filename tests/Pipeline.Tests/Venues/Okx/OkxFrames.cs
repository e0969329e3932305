using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues.Okx;

/// <summary>Frames through the parser, and frames that say the same in another way.</summary>
internal static class OkxFrames
{
    public static FeedSource Source { get; } = MakeSource();

    public static byte[] Read(string fixture) => Fixture.Read("okx/" + fixture);

    public static VenueBatch Parse(string fixture) => Parse(Read(fixture));

    public static VenueBatch Parse(params byte[][] frames)
    {
        var batch = new VenueBatch();
        var received = FrameBatch.Of(Source, 1, frames);
        Source.Parser!.Parse(received, batch);
        received.Release();
        return batch;
    }

    /// <summary>Past the predictive reader.</summary>
    public static VenueBatch ParseOrderFree(byte[] frame)
    {
        var batch = new VenueBatch { Source = Source, ReceivedTime = 1, Frames = 1 };
        if (OkxOrderFreeReader.Read(frame, Source.Symbols, batch) is { } reason)
        {
            batch.AddDeadLetter(reason, frame, frame.Length);
        }

        return batch;
    }

    /// <summary>By the predictive reader alone; null when it is not as predicted.</summary>
    public static VenueBatch? ParsePredicted(byte[] frame)
    {
        var batch = new VenueBatch { Source = Source, ReceivedTime = 1, Frames = 1 };
        var received = FrameBatch.Of(Source, 1, frame);
        var isRead = OkxPredictiveReader.TryRead(received[0], Source.Symbols, batch);
        received.Release();
        return isRead ? batch : null;
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

        text.Append(
            CultureInfo.InvariantCulture,
            $" lists={batch.Trades.Count},{batch.Quotes.Count},{batch.BookUpdates.Count},{batch.Candles.Count},{batch.Tickers.Count}");
        return text.Append(string.Concat(batch.Levels.Span.ToArray().Select(level => $" {level}"))).ToString();
    }

    /// <summary>The same event with fields shuffled, unknown fields added at every depth, and sometimes white space.</summary>
    public static byte[] Disguise(byte[] frame, Random random)
    {
        var format = new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 };
        return Encoding.UTF8.GetBytes(Shuffle(JsonNode.Parse(frame)!, random)!.ToJsonString(format));
    }

    private static JsonNode? Shuffle(JsonNode? node, Random random)
    {
        switch (node)
        {
            case JsonArray array:
                return new JsonArray([.. array.Select(item => Shuffle(item, random))]);
            case JsonObject source:
                var members = source.Select(member => KeyValuePair.Create(member.Key, Shuffle(member.Value, random))).ToList();
                if (random.Next(2) == 0)
                {
                    members.Add(new("brandNew", JsonNode.Parse("""{"arg":{"channel":"trades"},"data":[1,{"px":null}],"event":"\u00e9","asks":[["1"]]}""")));
                    members.Add(new("newest", JsonValue.Create("1.5")));
                }

                var shuffled = members.ToArray();
                random.Shuffle(shuffled);
                return new JsonObject(shuffled);
            default:
                return node?.DeepClone();
        }
    }

    private static FeedSource MakeSource()
    {
        var symbols = new SymbolTable();
        string[] names = ["BTC-USDT", "BTC-USDT-SWAP", "BTC-USD-220527", "UNI-USD-SWAP"];
        for (var i = 0; i < names.Length; i++)
        {
            symbols.Add(new Instrument(i, "okx", names[i], names[i]));
        }

        return new FeedSource("okx", "okx-1", new OkxParser(), symbols, 1000);
    }
}
