using System.Text.Json;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>What a raw client has to know of a venue: where to connect, how to subscribe, and which stream a frame belongs to.</summary>
internal sealed record VenueWire(string Venue, string Path, string Trades, string Book, string Quotes)
{
    private static readonly VenueWire[] All =
    [
        new("binance-futures", "/public/stream", "btcusdt@trade", "btcusdt@depth@100ms", "btcusdt@bookTicker"),
        new("okx", "/ws/v5/public", "trades:BTC-USDT", "books:BTC-USDT", "bbo-tbt:BTC-USDT"),
        new("bybit", "/v5/public/spot", "publicTrade.BTCUSDT", "orderbook.50.BTCUSDT", "orderbook.1.BTCUSDT"),
    ];

    public static VenueWire Of(string venue) => All.Single(wire => wire.Venue == venue);

    public async Task<FencedClient> ConnectAsync(Simulation simulation)
    {
        var host = simulation.Host;
        var address = Venue switch { "okx" => host.OkxUri, "bybit" => host.BybitUri, _ => host.BinanceFuturesUri };
        var (ping, pong) = Venue switch
        {
            "okx" => ("ping", "pong"),
            "bybit" => ("""{"op":"ping"}""", "pong"),
            _ => ("""{"method":"LIST_SUBSCRIPTIONS","id":99}""", "\"id\":99}"),
        };
        return new FencedClient(await simulation.ConnectAsync(address!, Path), ping, pong);
    }

    public string Subscribe(params string[] streams) => Request("subscribe", streams);

    public string Unsubscribe(params string[] streams) => Request("unsubscribe", streams);

    /// <summary>Data frames of a stream.</summary>
    public static List<JsonElement> Of(IEnumerable<JsonElement> frames, string stream) =>
        [.. frames.Where(frame => StreamOf(frame) == stream).Select(frame => frame.TryGetProperty("stream", out _) ? frame.GetProperty("data") : frame)];

    /// <summary>Null for what is no data.</summary>
    public static string? StreamOf(JsonElement frame) => frame switch
    {
        _ when frame.TryGetProperty("stream", out var stream) => stream.GetString(),
        _ when frame.TryGetProperty("topic", out var topic) => topic.GetString(),
        _ when frame.TryGetProperty("data", out _) && frame.TryGetProperty("arg", out var arg) =>
            $"{arg.GetProperty("channel").GetString()}:{arg.GetProperty("instId").GetString()}",
        _ => null,
    };

    /// <summary>Id of a book update and of the one it follows; of a snapshot no other.</summary>
    public (long? Previous, long Id) Link(JsonElement update) => Venue switch
    {
        "okx" => (update.Text("action") == "snapshot" ? null : update.GetProperty("data")[0].Whole("prevSeqId"), Id(update)),
        "bybit" => (update.Text("type") == "snapshot" ? null : Id(update) - 1, Id(update)),
        _ => (update.Whole("pu"), Id(update)),
    };

    /// <summary>Id of a quote or of a book update.</summary>
    public long Id(JsonElement update) => Venue switch
    {
        "okx" => update.GetProperty("data")[0].Whole("seqId"),
        "bybit" => update.GetProperty("data").Whole("u"),
        _ => update.Whole("u"),
    };

    private string Request(string operation, string[] streams) => Venue switch
    {
        "okx" => $$"""{"op":"{{operation}}","args":[{{string.Join(',', streams.Select(Arg))}}]}""",
        "bybit" => $$"""{"op":"{{operation}}","args":[{{string.Join(',', streams.Select(name => $"\"{name}\""))}}]}""",
        _ => $$"""{"method":"{{operation.ToUpperInvariant()}}","params":[{{string.Join(',', streams.Select(name => $"\"{name}\""))}}],"id":1}""",
    };

    private static string Arg(string stream) =>
        $$"""{"channel":"{{stream.Split(':')[0]}}","instId":"{{stream.Split(':')[1]}}"}""";
}
