using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hosting;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.Udf;
using Pipeline.History;
using Pipeline.Kafka.Topics;
using Pipeline.SocketIo;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Hosting;

namespace Pipeline.Gateway.Candles;

/// <summary>Everything of candles that a gateway serves: history, candle service, TradingView's datafeed and their figures.</summary>
internal sealed partial class CandleGateway : IGatewayService, IRecordTap
{
    private readonly TopicCatalog _topics;
    private readonly TimeProvider _time;
    private readonly string? _defaultVenue;
    private readonly CandleStore? _store;
    private readonly HistoryWriter? _writer;
    private readonly SocketIoServer _server;
    private readonly CandleSocket _socket;
    private readonly CandleService _service;
    private readonly bool _isServed;
    private GatewayHub? _hub;

    private CandleGateway(TopologyFile topology, GatewayOptions gateway, CandleStore? store, TimeProvider time, ILoggerFactory loggers)
    {
        _topics = TopicCatalog.Of(topology.Kafka);
        _time = time;
        _defaultVenue = gateway.DefaultVenue ?? (topology.Venues.Count > 0 ? topology.Venues[0].Name : null);
        _store = store;
        _writer = store is null
            ? null
            : new HistoryWriter(store, new KafkaHistorySource(topology.Kafka), topology.History, time, loggers.CreateLogger<HistoryWriter>());
        _isServed = topology.Candles.Service.Enabled;
        var log = loggers.CreateLogger<CandleGateway>();
        _server = new SocketIoServer(OptionsOf(topology, gateway, WhyClosed), time, onError: error => LogFault(log, error));
        _socket = new CandleSocket(_server);
        _service = new CandleService(topology.Candles.Service, store, _writer, _socket, time);
        _socket.Attach(_service);
        if (gateway.NeedsToken)
        {
            var tokens = new TokenGuard(gateway, time);
            _server.Of("/").Use(request => ValueTask.FromResult(IsWelcome(tokens, request) ? null : new ConnectError(KlineError.Unauthorized.Code)));
        }
    }

    public IRecordTap Tap => this;

    /// <summary>Polling and WebSocket come to the same path, with and without a slash at its end.</summary>
    public IReadOnlyList<LinkEntrance> Entrances => _isServed
        ? [new("/socket.io/", "socket.io", (request, _) => _server.Decide(request)), new("/socket.io", "socket.io", (request, _) => _server.Decide(request))]
        : [];

    /// <summary>Opens the history and makes the services.</summary>
    /// <exception cref="HistoryException">The history's file is another program's, in use, or cannot be opened. A damaged one is moved aside.</exception>
    public static CandleGateway Open(TopologyFile topology, GatewayOptions gateway, TimeProvider time, ILoggerFactory loggers)
    {
        CandleStore? store = null;
        if (topology.History.Enabled)
        {
            store = CandleStore.OpenOrReplace(topology.History, time, out var movedTo);
            if (movedTo is not null)
            {
                LogReplaced(loggers.CreateLogger<CandleGateway>(), topology.History.Path, movedTo);
            }
        }

        return new CandleGateway(topology, gateway, store, time, loggers);
    }

    public void Attach(GatewayHub hub)
    {
        _hub = hub;
        var candles = new HubCandles(hub);
        _service.Attach(candles, hub.Instruments, _defaultVenue);
        _writer?.Start(candles);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        if (_isServed)
        {
            routes.MapSocketIo(_server);
        }

        routes.MapCandleApi(_hub!, _isServed ? _service : null, _store, _writer, NameOf);
        routes.MapUdf(new UdfService(_hub!.Instruments, _service.History, new HubCandles(_hub), _time, _defaultVenue));
    }

    long? IRecordTap.CandlesFrom(string logId, int partition) => _writer?.CandlesFrom(logId, partition);

    void IRecordTap.OnLog(LogBeginning log)
    {
        _writer?.OnLog(log);
        _service.OnLog(log);
    }

    void IRecordTap.OnRecord(in StreamRecord record) => _service.OnRecord(record);

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        _store?.Dispose();
    }

    /// <summary>Before the log is read no symbol is known: long-polling clients, who pass no gate of links, wait for that too.</summary>
    private EngineRefusal? WhyClosed() => _hub?.IsCaughtUp == true ? null : new EngineRefusal(503, "The gateway is not ready yet: see /readyz.", RetryAfterSeconds: 1);

    private static SocketIoOptions OptionsOf(TopologyFile topology, GatewayOptions gateway, Func<EngineRefusal?> whyClosed)
    {
        var basis = new SocketIoOptions();
        return CandleSocket.OptionsOf(topology.Candles.Service, basis with
        {
            Engine = basis.Engine with
            {
                Admit = _ => whyClosed(),
                CorsOrigins = gateway.Origins,
                MaxConnections = gateway.MaxConnections,
                OutboxBytes = (int)gateway.OutboxLimit,
                Compression = gateway.Compression,
            },
        });
    }

    /// <summary>The token may come with the connection, as for <c>/ws</c>, or as <c>auth: { token }</c>.</summary>
    private static bool IsWelcome(TokenGuard tokens, ConnectRequest request) =>
        tokens.Check(request.GetAuth("token") ?? BearerToken.OfHandshake(
            name => request.Handshake.Headers.GetValueOrDefault(name), request.Handshake.Query)).IsGood;

    private string NameOf(TopicKind topic) => topic switch
    {
        TopicKind.Trades => _topics.Trades.Name,
        TopicKind.Quotes => _topics.Quotes.Name,
        TopicKind.Books => _topics.Books.Name,
        TopicKind.Tickers => _topics.Tickers.Name,
        TopicKind.Candles => _topics.Candles.Name,
        TopicKind.Gaps => _topics.Gaps.Name,
        TopicKind.Health => _topics.Health.Name,
        TopicKind.Instruments => _topics.Instruments.Name,
        TopicKind.Status => _topics.Status.Name,
        _ => _topics.State.Name,
    };

    [LoggerMessage(4210, LogLevel.Error, "The history file {Path} is damaged. It lies in {MovedTo} now, and candles are read from Kafka anew", EventName = "HistoryReplaced")]
    private static partial void LogReplaced(ILogger logger, string path, string movedTo);

    [LoggerMessage(4211, LogLevel.Error, "Serving a client of the candle service has failed", EventName = "CandleServiceFault")]
    private static partial void LogFault(ILogger logger, Exception exception);
}
