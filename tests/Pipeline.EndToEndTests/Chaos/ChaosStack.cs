using Pipeline.Core.Topology;
using Pipeline.EndToEndTests.Stack;
using Pipeline.Kafka.Embedded;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>
/// Simulator and collector as processes, two venues with four markets each; the embedded broker is in the test's own process, where it can
/// be made to refuse, to keep its answers and to go away.
/// </summary>
internal sealed class ChaosStack : IAsyncDisposable
{
    /// <summary>The embedded broker forgets what lies 5 MiB back in a partition: instruments lie apart.</summary>
    public const int Partitions = 12;

    /// <summary>A broker that says nothing for longer costs the collector its partitions: it begins anew.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    /// <summary>
    /// The embedded broker counts no sequence numbers: of two requests under way it refuses the first and takes the second, which a broker never
    /// does, and from which the client concludes that the first is there too. With one under way what is refused is sent again before the next.
    /// </summary>
    private const string OneUnderWay = "max.in.flight.requests.per.connection: 1";

    private static readonly string[] Coins = ["BTC", "ETH", "SOL", "XRP"];

    private const string Socket = """
        websocket: {reconnectDelay: 250ms, maxReconnectDelay: 2s}
        pool: {batchDelay: 10ms, cleanupPeriod: 500ms}
        """;

    private static readonly string Instruments = $"instruments: [{string.Join(", ", Coins.Select(coin => $"{coin}-USDT"))}]\nchannels: [trade]";

    public ChaosStack(int seed)
    {
        var okx = FreePort.Next();
        Local = new LocalStack(
            $"{Instruments}\ntradeSource: trade\n{Socket}",
            $$"""
            okxListen: http://127.0.0.1:{{okx}}
            seed: {{seed}}
            tradesPerSecond: 12
            quotesPerSecond: 5
            symbols:
              BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
              ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
              SOL-USDT: {price: 142.35, priceStep: 0.01, quantityStep: 0.001}
              XRP-USDT: {price: 2.1845, priceStep: 0.0001, quantityStep: 0.1, tradesPerSecond: 4}
            """,
            more: $"restart: {{checkpointInterval: 3s, leaseTimeout: {Lease.TotalSeconds}s}}",
            partitions: Partitions,
            kafkaProperties: OneUnderWay,
            rest: true,
            venues: $$"""
              okx:
                endpoints: {webSocket: "ws://127.0.0.1:{{okx}}", rest: "http://127.0.0.1:{{okx}}"}
            {{Indent($"{Instruments}\ntradeSource: trades-all\n{Socket}", 4)}}
            """.Replace("\n  ", "\n    ", StringComparison.Ordinal));
        Broker = EmbeddedBroker.Start(
            new EmbeddedBrokerOptions { Port = Local.BrokerPort }, new KafkaOptions { Partitions = Partitions }, TimeProvider.System);
        Control = new StackControl(Local);
    }

    public static IReadOnlyList<string> Venues { get; } = ["binance", "okx"];

    public static IReadOnlyList<string> Keys { get; } =
        [.. from venue in Venues from coin in Coins select $"{venue}:{coin}-USDT"];

    public LocalStack Local { get; }

    public EmbeddedBroker Broker { get; }

    public StackControl Control { get; }

    /// <summary>The venue's own spelling, and the name of the stream of its trades.</summary>
    public static (string Symbol, string Stream) NamesOf(string key)
    {
        var id = key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (key.StartsWith("okx:", StringComparison.Ordinal))
        {
            return (id, $"trades-all:{id}");
        }

        var symbol = id.Replace("-", "", StringComparison.Ordinal);
        return (symbol, $"{symbol.ToLowerInvariant()}@trade");
    }

    /// <summary>The record key of what a strike concerned, by symbol or stream.</summary>
    public static string? KeyOf(string venue, string target) => Keys.FirstOrDefault(key =>
        key.StartsWith($"{venue}:", StringComparison.Ordinal) && NamesOf(key) is var names && (names.Symbol == target || names.Stream == target));

    public async ValueTask DisposeAsync()
    {
        // Who reads is gone before.
        await Local.DisposeAsync();
        await Broker.DisposeAsync();
    }

    private static string Indent(string text, int by) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', by) + line));
}
