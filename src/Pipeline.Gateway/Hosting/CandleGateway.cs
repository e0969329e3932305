using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Fanout;
using Pipeline.Gateway.Candles;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.Udf;
using Pipeline.Gateway.WebSockets;
using Pipeline.History;
using Pipeline.Kafka.Topics;
using Pipeline.SocketIo;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Hosting;

namespace Pipeline.Gateway.Hosting;

/// <summary>Everything of candles that a gateway serves: history, candle service, TradingView's datafeed and their figures.</summary>
internal sealed partial class CandleGateway : IGatewayService, IRecordTap
{
    // Until it has joined, and so shown its token, a client is a stranger.
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(10);

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
    private IPollingGate? _gate;

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
        _server = new SocketIoServer(OptionsOf(topology, gateway), time, onError: error => LogFault(log, error));
        _socket = new CandleSocket(_server);
        _service = new CandleService(topology.Candles.Service, store, _writer, _socket, time, loggers.CreateLogger<CandleService>());
        _socket.Attach(_service);
        if (gateway.NeedsToken)
        {
            var tokens = new TokenGuard(gateway, time);
            _server.Of("/").Use(request => ValueTask.FromResult(Judge(tokens, request)));
        }
    }

    public IRecordTap Tap => this;

    /// <summary>Polling and WebSocket come to the same path, with and without a slash at its end.</summary>
    public IReadOnlyList<LinkEntrance> Entrances => _isServed
        ? [new("/socket.io/", KlineSession.Protocol, TokenMayFollow: true, Decide), new("/socket.io", KlineSession.Protocol, TokenMayFollow: true, Decide)]
        : [];

    public IEnumerable<Meter> Meters => _isServed ? [_server.Meter] : [];

    public int Clients => _server.Count;

    public long Opened => _server.Statistics.Opened;

    public long Errors => _service.RefusedCount + _service.FailedCount;

    public IReadOnlyList<SessionRow> Sessions => _service.Sessions;

    public long PollingBytes => _server.Engine.PollingBytes;

    public int ShedPolling(long bytes) => _server.Engine.CutSlowestPolling(bytes);

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

    public void Attach(GatewayHub hub, IPollingGate gate, AddressLimiter addresses)
    {
        (_hub, _gate) = (hub, gate);
        var candles = new HubCandles(hub);
        _service.Attach(candles, hub.Instruments, addresses, _defaultVenue);
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

    public void Register(PipelineMetrics metrics)
    {
        if (_isServed)
        {
            CandleMetrics.Register(metrics, _service);
        }

        CandleMetrics.Register(metrics, _service.History);
        if (_store is not null)
        {
            CandleMetrics.Register(metrics, _store, _writer!);
        }
    }

    public bool Disconnect(string id) => _service.Disconnect(id);

    public void Drain() => _server.Drain();

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

    private SocketIoOptions OptionsOf(TopologyFile topology, GatewayOptions gateway)
    {
        var basis = new SocketIoOptions();
        return CandleSocket.OptionsOf(topology.Candles.Service, basis with
        {
            // Origins are the gateway's affair, before anything comes here.
            Engine = basis.Engine with
            {
                Admit = Admit,
                PollingEnded = handshake => _gate!.Leave(handshake.Address),
                MaxConnections = gateway.MaxConnections,
                MaxPayload = (int)gateway.Limits.MaxMessageBytes,
                OutboxBytes = (int)gateway.OutboxLimit,
                Compression = gateway.Compression,
                KeepHeaders = ["Authorization", BearerToken.SubprotocolHeader],
            },
            ConnectTimeout = JoinTime,
            ExpiredClosure = CloseCodes.TokenExpired.Closure,
        });
    }

    /// <summary>Those on WebSockets have been let in by the gateway's gate.</summary>
    private EngineRefusal? Admit(EngineHandshake handshake)
    {
        if (handshake.Transport != EngineTransports.Polling)
        {
            return null;
        }

        return _gate?.Enter(handshake.Address) is { } refusal
            ? new EngineRefusal(refusal.Status, refusal.Text ?? "Not let in.", refusal.RetryAfterSeconds)
            : null;
    }

    private LinkDecision Decide(UpgradeRequest request, SessionInfo info)
    {
        var decision = _server.Decide(request);
        return decision.Handler is null ? decision : decision with { Subprotocol = BearerToken.Answer(request.Header(BearerToken.SubprotocolHeader)) };
    }

    /// <summary>The token may come with the connection, as for <c>/ws</c>, or as <c>auth: { token }</c>.</summary>
    private static ConnectError? Judge(TokenGuard tokens, ConnectRequest request)
    {
        var result = tokens.Check(request.GetAuth("token") ?? BearerToken.OfHandshake(
            name => request.Handshake.Headers.GetValueOrDefault(name), request.Handshake.Query));
        (request.Expires, request.Subject) = (result.ExpiresAt, result.Subject);
        return result.IsGood ? null : new ConnectError(KlineError.Unauthorized.Code);
    }

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
