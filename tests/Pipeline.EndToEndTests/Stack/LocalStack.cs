using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>Broker, simulator and collector as processes of their own, on free ports, from a topology made for the test.</summary>
internal sealed partial class LocalStack : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly List<PipelineProcess> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-e2e-").FullName;

    /// <param name="rest">Whether the collector is told of the exchange's HTTP interface.</param>
    /// <param name="venues">More venues, indented as sections of <c>venues</c>.</param>
    /// <param name="venuePort">Port of the exchange, where something stands before it; null = any free one.</param>
    /// <param name="throughPort">Where the collector is told that the exchange is; null = where it is.</param>
    public LocalStack(
        string venue, string simulator, string more = "", int partitions = 4, string kafkaProperties = "", bool rest = false, string venues = "",
        int? venuePort = null, int? throughPort = null)
    {
        VenuePort = venuePort ?? FreePort.Next();
        var restEndpoint = rest ? $", rest: \"http://127.0.0.1:{VenuePort}\"" : "";
        TopologyPath = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "topology")).FullName, "local.yaml");
        File.WriteAllText(TopologyPath, $"""
            kafka:
              bootstrapServers: {BootstrapServers}
              partitions: {partitions}
              properties: {"{"}{kafkaProperties}{"}"}
            venues:
              binance:
                endpoints: {"{"}webSocket: "ws://127.0.0.1:{throughPort ?? VenuePort}"{restEndpoint}{"}"}
            {Indent(venue, 4)}
            {venues}
            collector:
              listen: http://127.0.0.1:{CollectorPort}
            simulator:
              binanceSpotListen: http://127.0.0.1:{VenuePort}
              controlListen: http://127.0.0.1:{ControlPort}
            {Indent(simulator, 2)}
            {more.Replace("FOLDER", _folder, StringComparison.Ordinal)}
            """);
    }

    /// <summary>Sections of a gateway on that port, with a candle service and a history of its own.</summary>
    public static string GatewaySections(int port) => $"""
        gateway: {"{"}listen: "http://127.0.0.1:{port}"{"}"}
        candles: {"{"}listen: "http://127.0.0.1:{FreePort.Next()}"{"}"}
        history: {"{"}path: "FOLDER/candles.db"{"}"}
        """;

    /// <summary>Where each venue is, the stream of program events too.</summary>
    public IReadOnlyDictionary<string, int> VenuePorts { get; private init; } = new Dictionary<string, int>();

    public int BrokerPort { get; } = FreePort.Next();

    public int VenuePort { get; }

    public int ControlPort { get; } = FreePort.Next();

    public int CollectorPort { get; } = FreePort.Next();

    public string BootstrapServers => $"127.0.0.1:{BrokerPort}";

    public string TopologyPath { get; }

    public Uri Control => new($"http://127.0.0.1:{ControlPort}");

    public Uri CollectorUri => new($"http://127.0.0.1:{CollectorPort}");

    /// <summary>Every venue the product knows, with all its channels, as in the local example; two coins, lively markets.</summary>
    public static LocalStack OfEveryVenue()
    {
        string[] venues = ["binance", "binance-futures", "okx", "bybit", "solana"];
        var stack = new LocalStack("instruments: [BTC-USDT]", "")
        {
            VenuePorts = venues.ToDictionary(venue => venue, _ => FreePort.Next()),
        };
        string At(string venue) => $"127.0.0.1:{stack.VenuePorts[venue]}";
        string Endpoints(string venue) => $"endpoints: {{webSocket: \"ws://{At(venue)}\", rest: \"http://{At(venue)}\"}}";
        File.WriteAllText(stack.TopologyPath, $$"""
            kafka: {bootstrapServers: "{{stack.BootstrapServers}}", partitions: 4}
            venues:
              binance:
                {{Endpoints("binance")}}
                instruments: [BTC-USDT, ETH-USDT]
                channels: [trade, quote, book, venueCandle, ticker]
                tradeSource: trade
              binance-futures:
                {{Endpoints("binance-futures")}}
                instruments: [BTC-USDT-PERP, ETH-USDT-PERP]
                channels: [trade, quote, book, venueCandle, ticker, mark, funding, liquidation]
                tradeSource: trade
              okx:
                {{Endpoints("okx")}}
                instruments: [BTC-USDT, ETH-USDT-PERP]
                channels: [trade, quote, book, venueCandle, ticker, mark, funding, liquidation]
                tradeSource: trades-all
              bybit:
                {{Endpoints("bybit")}}
                instruments: [BTC-USDT, ETH-USDT]
                channels: [trade, quote, book, venueCandle, ticker]
              solana:
                endpoints: {webSocket: "ws://{{At("solana")}}"}
                instruments: ["*"]
            collector: {listen: "http://127.0.0.1:{{stack.CollectorPort}}"}
            simulator:
              binanceSpotListen: http://{{At("binance")}}
              binanceFuturesListen: http://{{At("binance-futures")}}
              okxListen: http://{{At("okx")}}
              bybitListen: http://{{At("bybit")}}
              solanaListen: http://{{At("solana")}}
              controlListen: http://127.0.0.1:{{stack.ControlPort}}
              tradesPerSecond: 20
              quotesPerSecond: 20
              symbols:
                BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
                ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
            """);
        return stack;
    }

    /// <summary>The stream of program events of five mints, and a gateway whose forming candles are not thinned out.</summary>
    public static LocalStack OfProgramEvents(int gateway)
    {
        var stack = new LocalStack("instruments: [BTC-USDT]", "") { VenuePorts = new Dictionary<string, int> { ["solana"] = FreePort.Next() } };
        File.WriteAllText(stack.TopologyPath, $$"""
            kafka: {bootstrapServers: "{{stack.BootstrapServers}}", partitions: 4}
            venues:
              solana:
                endpoints: {webSocket: "ws://127.0.0.1:{{stack.VenuePorts["solana"]}}"}
                instruments: ["*"]
            candles: {listen: "http://127.0.0.1:{{FreePort.Next()}}", updateInterval: 0ms}
            history: {path: "{{stack._folder}}/candles.db"}
            gateway: {listen: "http://127.0.0.1:{{gateway}}"}
            collector: {listen: "http://127.0.0.1:{{stack.CollectorPort}}"}
            simulator:
              solanaListen: http://127.0.0.1:{{stack.VenuePorts["solana"]}}
              controlListen: http://127.0.0.1:{{stack.ControlPort}}
              tradesPerSecond: 10
              quotesPerSecond: 4
              symbols:
                BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
                ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
                SOL-USDT: {price: 142.35, priceStep: 0.01, quantityStep: 0.001}
                BNB-USDT: {price: 905.10, priceStep: 0.01, quantityStep: 0.001}
                XRP-USDT: {price: 2.1845, priceStep: 0.0001, quantityStep: 0.1}
            """);
        return stack;
    }

    /// <summary>A broker, and a gateway that lets thousands come from one address, and again at once those that it cut.</summary>
    /// <param name="more">More keys of the gateway's section.</param>
    public static LocalStack OfGateway(int gateway, string more = "") => new("instruments: [BTC-USDT]", "symbols: {BTC-USDT: {price: 1, priceStep: 0.01, quantityStep: 0.001}}", $$"""
        gateway:
          listen: http://127.0.0.1:{{gateway}}
          limits: {maxConnectionsPerAddress: 100000, maxConnectsPerSecond: 100000, maxMessagesPerSecondPerAddress: 1000000, penalty: 0ms}
          {{more}}
        candles: {listen: "http://127.0.0.1:{{FreePort.Next()}}"}
        history: {path: "FOLDER/candles.db"}
        """);

    public async Task<PipelineProcess> StartBrokerAsync()
    {
        var broker = Start("broker");
        await Until.TrueAsync(() => IsListening(BrokerPort), () => broker.Output);
        return broker;
    }

    public async Task<PipelineProcess> StartSimulatorAsync()
    {
        var simulator = Start("simulate");
        await Until.TrueAsync(() => AnswersAsync(new Uri(Control, "/status")), () => simulator.Output);
        return simulator;
    }

    public async Task<PipelineProcess> StartCollectorAsync()
    {
        var collector = BeginCollector();
        await Until.TrueAsync(IsCollectorReadyAsync, () => collector.Output);
        return collector;
    }

    /// <param name="port">Where the topology says that it listens.</param>
    public Task<PipelineProcess> StartGatewayAsync(int port) => StartGatewayAsync(port, TopologyPath);

    /// <summary>Starts one more gateway of the topology, on ports and with a history of its own.</summary>
    /// <param name="first">Where the topology says that a gateway listens.</param>
    /// <param name="port">Where this one does.</param>
    public async Task<PipelineProcess> StartGatewayBesideAsync(int first, int port)
    {
        var path = Path.Combine(Path.GetDirectoryName(TopologyPath)!, $"gateway-{port}.yaml");
        var topology = await File.ReadAllTextAsync(TopologyPath);
        await File.WriteAllTextAsync(path, CandlesAddress().Replace(topology, $"candles: {{listen: \"http://127.0.0.1:{FreePort.Next()}\"")
            .Replace($"127.0.0.1:{first}", $"127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("candles.db", $"candles-{port}.db", StringComparison.Ordinal));
        return await StartGatewayAsync(port, path);
    }

    public Task<bool> IsCollectorReadyAsync() => AnswersAsync(new Uri(CollectorUri, "/readyz"));

    /// <summary>Runs a line of shell in the folder of the topology, all of whose commands must end; returns when they have.</summary>
    public async Task<PipelineProcess> RunShellAsync(string line)
    {
        var process = PipelineProcess.Start("/bin/bash", ["-c", $"{line}; exit ${{PIPESTATUS[0]}}"], _folder);
        _processes.Add(process);
        await process.WaitForExitAsync();
        return process;
    }

    /// <summary>Begins a line of shell in the folder of the topology; <c>exec</c> in it makes the process the command's own.</summary>
    public PipelineProcess StartShell(string line)
    {
        var process = PipelineProcess.Start("/bin/bash", ["-c", line], _folder);
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts a collector without waiting until it is ready.</summary>
    public PipelineProcess BeginCollector() => Start("collect");

    /// <summary>Starts one more collector of the topology, under a name and on a port of its own, without waiting until it is ready.</summary>
    public async Task<(PipelineProcess Process, int Port)> BeginCollectorAsync(string name)
    {
        var port = FreePort.Next();
        var path = Path.Combine(Path.GetDirectoryName(TopologyPath)!, $"{name}.yaml");
        var topology = await File.ReadAllTextAsync(TopologyPath);
        await File.WriteAllTextAsync(path, topology.Replace(
            $"listen: http://127.0.0.1:{CollectorPort}", $"listen: http://127.0.0.1:{port}\n  name: {name}", StringComparison.Ordinal));
        return (Start("collect", path), port);
    }

    /// <summary>Runs a command as a user would who stands in the folder of the topology; returns when it has ended.</summary>
    public async Task<PipelineProcess> RunAsync(params string[] arguments)
    {
        var process = PipelineProcess.Start(PipelineProcess.Executable, arguments, _folder);
        _processes.Add(process);
        await process.WaitForExitAsync();
        return process;
    }

    /// <summary>An answer of a venue's HTTP interface.</summary>
    public async Task<JsonNode> AskAsync(string venue, string path) =>
        (await Http.GetFromJsonAsync<JsonNode>(new Uri($"http://127.0.0.1:{VenuePorts[venue]}{path}")))!;

    /// <summary>The trades that were made from an id on, oldest first.</summary>
    public async Task<JsonArray> TruthAsync(string venue, string symbol, long fromId) =>
        (await Http.GetFromJsonAsync<JsonNode>(new Uri(Control, $"/truth/trades?venue={venue}&symbol={symbol}&fromId={fromId}&limit=100000")))!
            ["trades"]!.AsArray();

    /// <summary>What the exchange says of a market as a whole: holes, what it kept back, candles that it told wrong.</summary>
    public async Task<JsonNode> TruthOfAsync(string venue, string symbol) =>
        (await Http.GetFromJsonAsync<JsonNode>(new Uri(Control, "/truth/summary")))!["symbols"]!.AsArray()
            .First(one => (string)one!["venue"]! == venue && (string)one["symbol"]! == symbol)!;

    /// <summary>The candles of Binance spot as they really were, oldest first.</summary>
    public async Task<JsonArray> TrueCandlesAsync(string symbol, string interval) =>
        (await Http.GetFromJsonAsync<JsonNode>(new Uri(Control, $"/truth/candles?symbol={symbol}&interval={interval}")))!["candles"]!.AsArray();

    public async Task<JsonNode> StatisticsAsync() => (await Http.GetFromJsonAsync<JsonNode>(new Uri(CollectorUri, "/statistics")))!;

    public async Task<JsonNode> ConnectionsAsync() => (await Http.GetFromJsonAsync<JsonNode>(new Uri(Control, "/connections")))!;

    /// <summary>The exchange's own ground truth of Binance spot: id of the last trade by record key, of what was traded at all.</summary>
    public async Task<Dictionary<string, long>> LastTradeIdsAsync()
    {
        var summary = (await Http.GetFromJsonAsync<JsonNode>(new Uri(Control, "/truth/summary")))!;
        return summary["symbols"]!.AsArray().Where(symbol => symbol!["lastId"] is not null && (string)symbol["venue"]! == "binance").ToDictionary(
            symbol => $"binance:{((string)symbol!["symbol"]!).Replace("USDT", "-USDT", StringComparison.Ordinal)}",
            symbol => (long)symbol!["lastId"]!);
    }

    /// <summary>Sum of a counter over its tags, or of one tag.</summary>
    public async Task<long> CounterAsync(string name, string? tag = null)
    {
        var statistics = await StatisticsAsync();
        return statistics["counters"]!.AsArray()
            .Where(c => (string)c!["name"]! == name && (tag is null || (string)c["tag"]! == tag)).Sum(c => (long)c!["value"]!);
    }

    /// <summary>Has the simulator send one frame, byte for byte, to every connection.</summary>
    public async Task SendFrameAsync(byte[] frame, string opcode = "text")
    {
        using var content = new ByteArrayContent(frame);
        using var answer = await Http.PostAsync(new Uri(Control, $"/frames?opcode={opcode}"), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task PostAsync(string path)
    {
        using var answer = await Http.PostAsync(new Uri(Control, path), null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        // In flow order, so that nobody reports the loss of a neighbour that the test took away.
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            await _processes[i].DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    public static bool IsListening(int port)
    {
        try
        {
            using var probe = new System.Net.Sockets.TcpClient("127.0.0.1", port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether a GET is answered with success.</summary>
    public static async Task<bool> AnswersAsync(Uri uri)
    {
        try
        {
            using var answer = await Http.GetAsync(uri);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            // Not there, or too busy for now.
            return false;
        }
    }

    private static string Indent(string text, int by) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', by) + line.TrimEnd()));

    [GeneratedRegex("candles: {listen: \"[^\"]*\"")]
    private static partial Regex CandlesAddress();

    private async Task<PipelineProcess> StartGatewayAsync(int port, string topology)
    {
        var gateway = Start("gateway", topology);
        await Until.TrueAsync(() => AnswersAsync(new Uri($"http://127.0.0.1:{port}/readyz")), () => gateway.Output);
        return gateway;
    }

    private PipelineProcess Start(string command, string? topology = null)
    {
        var process = PipelineProcess.Start(command, "--topology", topology ?? TopologyPath);
        _processes.Add(process);
        return process;
    }
}
