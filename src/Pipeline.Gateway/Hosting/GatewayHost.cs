using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Fanout;
using Pipeline.Gateway.Diagnostics;
using Pipeline.Gateway.Http;
using Pipeline.Gateway.Http.OpenApi;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets;
using Pipeline.Gateway.WebSockets.Subscriptions;
using Pipeline.SocketIo.Hosting;

namespace Pipeline.Gateway.Hosting;

/// <summary>
/// A gateway from start to stop: the hub that reads the log, the links of the clients, the HTTP API and the page, on one HTTP server. The
/// port answers <c>/livez</c> at once; clients are let in when the log has been read.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    // Clients that read have left long before; one that does not is cut.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainLook = TimeSpan.FromMilliseconds(20);

    private readonly GatewaySetup _setup;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly GatewayHub _hub;
    private readonly WebSocketProtocol _protocol;
    private readonly LinkServer _links;
    private readonly GatewayPulse _pulse;
    private readonly GatewayGate _gate;
    private readonly HubFigures _figures;
    private readonly WebApplication _application;
    private volatile bool _isStopping;

    private GatewayHost(GatewaySetup setup, TimeProvider time, ILoggerFactory loggers)
    {
        (_setup, _time, _log) = (setup, time, loggers.CreateLogger("gateway"));
        var (options, metrics) = (setup.Options, setup.Metrics);
        var errors = new LastError(metrics, time);
        var desk = new SubscriberDesk();
        _hub = MakeHub(setup, desk, time, loggers);
        var limiter = new AddressLimiter(options.MaxConnections, options.Limits, metrics, time);
        _protocol = new WebSocketProtocol(_hub, desk, SessionsOf(options), limiter, time);
        var (origins, tokens) = (new OriginPolicy(options.Origins, local: true), new TokenGuard(options, time));
        _gate = new GatewayGate(origins, tokens, limiter, metrics, time) { Closed = WhyClosed };
        foreach (var service in setup.Services)
        {
            service.Attach(_hub, _gate, limiter);
        }

        _gate.Entrances = [MakeEntrance(), .. setup.Services.SelectMany(service => service.Entrances)];
        _links = new LinkServer([_gate], time, new LinkServerOptions
        {
            ClientAddress = request => Addresses.Resolve(request.Address, request.Header("X-Forwarded-For"), options.TrustedProxies),
            OnWritten = TimeWrites(metrics, time),
            OnHandlerFailed = (_, fault) =>
            {
                errors.Tell("INTERNAL", "serving a client failed");
                GatewayLog.RequestFailed(_log, "WebSocket", fault);
            },
        });
        _pulse = new GatewayPulse(_hub, _links, setup.Services, setup.Memory, options.MemoryLimit, metrics, errors, time, _log);
        _figures = new HubFigures(_hub, _protocol, _links, _gate, _pulse, metrics, time)
        {
            IsStopping = () => _isStopping,
            Services = setup.Services,
            Meters = [.. setup.Services.SelectMany(service => service.Meters)],
            MaxConnections = options.MaxConnections,
        };
        metrics.AddGatewayTotals(ReadTotals);
        metrics.AddStageLatency("gateway", _hub.Latency);
        metrics.AddMatchTime(_hub.MatchTime);
        metrics.AddConsumerLag(ReadLag);
        metrics.AddQueue("gateway fetch", () => _hub.FetchQueueLength, _hub.Options.FetchRecords);
        metrics.AddProcess(new ProcessFigures(time) { ReadMemory = () => _pulse.Memory, MemoryLimit = options.MemoryLimit, ReadExportFailures = setup.ExportFailures });
        foreach (var service in setup.Services)
        {
            service.Register(metrics);
        }

        _application = Build(new ApiGate(options, origins, tokens, limiter, metrics, errors, _log));
    }

    /// <summary>Where it listens, with the ports that were given.</summary>
    public IReadOnlyList<Uri> Endpoints => [.. _application.Services.GetRequiredService<IServer>().Features
        .GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(address => new Uri(address))];

    public IGatewayFigures Figures => _figures;

    public LinkServer Links => _links;

    public GatewayHub Hub => _hub;

    /// <exception cref="IOException">An address cannot be listened on, or the certificate not be read.</exception>
    public static async Task<GatewayHost> StartAsync(GatewaySetup setup, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var host = new GatewayHost(setup, time, loggers);
        try
        {
            await host._application.StartAsync(cancellation);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await host.DisposeAsync();
            throw new IOException(
                $"The gateway cannot listen on {setup.Options.Listen}: {error.Message} Change gateway.listen in the topology.", error);
        }

        await host.WarmUpAsync(cancellation);
        host._pulse.Start();
        host._hub.Start();
        host.TellStart();
        return host;
    }

    /// <summary>Lets nobody in any more, tells the clients to go elsewhere, and waits for them a little.</summary>
    /// <returns>Whether all left by themselves.</returns>
    public async Task<bool> DrainAsync()
    {
        _isStopping = true;
        GatewayLog.Stopping(_log, _links.Count);
        foreach (var service in _setup.Services)
        {
            service.Drain();
        }

        _links.CloseAll(CloseCodes.GoingAway.Code, CloseCodes.GoingAway.Reason);
        var began = _time.GetTimestamp();
        while (Math.Max(_links.Count, _setup.Services.Sum(service => service.Clients)) is var left and > 0)
        {
            if (_time.GetElapsedTime(began) >= DrainTime)
            {
                GatewayLog.DrainTimedOut(_log, left, DrainTime.TotalSeconds);
                return false;
            }

            await Task.Delay(DrainLook, _time);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await _pulse.DisposeAsync();
        await _application.DisposeAsync();
        foreach (var service in _setup.Services)
        {
            await service.DisposeAsync();
        }

        await _hub.DisposeAsync();
        _links.Dispose();
    }

    /// <summary>Bounds of the hub as the topology has them.</summary>
    public static HubOptions HubOptionsOf(GatewayOptions options, bool keepCandles = false) => new()
    {
        ReplayAge = options.ReplayWindow.Age,
        ReplayRecords = options.ReplayWindow.Records,
        Minor = options.Minor,
        KeepCandles = keepCandles,
    };

    private static GatewayHub MakeHub(GatewaySetup setup, SubscriberDesk desk, TimeProvider time, ILoggerFactory loggers) => new(
        setup.Source,
        HubOptionsOf(setup.Options, setup.KeepCandles),
        time,
        [.. setup.Services.Select(service => service.Tap).OfType<IRecordTap>()],
        [desk],
        loggers.CreateLogger<GatewayHub>());

    private static WebSockets.SessionOptions SessionsOf(GatewayOptions options) => new()
    {
        MaxFilters = options.Limits.MaxFilters,
        MaxStreams = options.Limits.MaxStreams,
        MessagesPerSecond = options.Limits.MaxMessagesPerSecond,
        MessageBurst = options.Limits.MaxMessagesPerSecond * 5,
    };

    private LinkEntrance MakeEntrance()
    {
        var options = _setup.Options;
        var limits = WebSocketProtocol.LinkDefaults with
        {
            MaxMessageBytes = (int)options.Limits.MaxMessageBytes,
            OutboxBytes = (int)options.OutboxLimit,
            MaxAge = _setup.MaxAge,
            Compression = options.Compression,
        };
        return new LinkEntrance("/ws", WebSocketProtocol.Name, TokenMayFollow: false, (request, info) => new LinkDecision
        {
            Handler = _protocol.Create(info),
            Options = limits,
            Subprotocol = BearerToken.Answer(request.Header(BearerToken.SubprotocolHeader)),
        });
    }

    private (string Reason, string Text)? WhyClosed()
    {
        if (_isStopping)
        {
            return ("not-ready", "The gateway is stopping: connect to another one, or in a moment.");
        }

        if (!_hub.IsCaughtUp)
        {
            return ("not-ready", "The gateway is not ready yet: see /readyz.");
        }

        return _pulse.IsMemoryTight ? ("memory", "The gateway is short of memory.") : null;
    }

    /// <summary>From outboxes to the system, one observation for each write to a client.</summary>
    private static Action<long> TimeWrites(PipelineMetrics metrics, TimeProvider time)
    {
        var latency = metrics.StageLatency("client_send");
        return made =>
        {
            var now = time.GetTimestamp();
            latency.Add(time.GetElapsedTime(made, now).Ticks / TimeSpan.TicksPerMicrosecond, time.GetElapsedTime(0, now).Ticks / TimeSpan.TicksPerMicrosecond);
        };
    }

    /// <summary>By topic; one of which the brokers have not told every end is left out.</summary>
    private IEnumerable<(string Topic, long Records)> ReadLag() => _hub.Positions.GroupBy(one => one.Topic)
        .Where(topic => topic.All(one => one.Lag is not null))
        .Select(topic => (topic.Key.ToString().ToLowerInvariant(), topic.Sum(one => one.Lag!.Value)));

    private GatewayTotals ReadTotals()
    {
        var (links, counts) = (_links.Totals(), _hub.Counts);
        return new GatewayTotals
        {
            Records = counts.Records,
            StaleRecords = counts.Stale,
            MalformedRecords = counts.Malformed,
            Deliveries = counts.Deliveries,
            Messages = links.MessagesSent,
            Bytes = links.BytesSent,
            Conflated = links.Conflated,
            Dropped = links.Dropped,
            WaitingBytes = links.WaitingBytes + _setup.Services.Sum(service => service.PollingBytes),
            Requests = links.MessagesReceived,
            Faults = _protocol.Errors + _links.ProtocolFaults + _links.HandlerFailures,
            Subscriptions = _protocol.Sessions.Sum(session => (long)session.Streams),
            MaxConnections = _setup.Options.MaxConnections,
            IsReady = _figures.IsReady,
        };
    }

    private WebApplication Build(ApiGate gate)
    {
        // An empty builder: where it listens is the topology's affair, not of appsettings.json or an environment variable of the server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var options = _setup.Options;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => KestrelSetup.Configure(kestrel, options, [options.Listen, .. _setup.AlsoListen], _links, _setup.Metrics));
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        OpenApiSetup.Add(builder.Services);
        var application = builder.Build();
        application.Use((call, next) => gate.InvokeAsync(call, () => next(call)));
        application.UseLinks(_links);
        if (_setup.PageFolder is { } folder)
        {
            PageFiles.Use(application, folder);
        }

        foreach (var service in _setup.Services)
        {
            service.Use(application);
        }

        OpenApiSetup.Use(application);
        Map(application);
        return application;
    }

    private void Map(WebApplication application)
    {
        var guard = new AdminGuard(_setup.Options.AdminToken, "gateway.adminToken");
        ProbeRoutes.Map(application, _figures);
        WebSocketRoutes.Map(application, _figures, guard);
        MarketRoutes.Map(application, _figures, _time);
        OpenApiSetup.Map(application);
        foreach (var service in _setup.Services)
        {
            service.Map(application);
        }

        if (_setup.PageFolder is null)
        {
            PageFiles.MapWithoutPage(application);
        }
    }

    /// <summary>Before the log is read: then nobody is let in yet whom this could delay.</summary>
    private async Task WarmUpAsync(CancellationToken cancellation)
    {
        if (Endpoints.FirstOrDefault(one => one.Scheme == "http") is { } plain)
        {
            var address = IPAddress.TryParse(plain.Host.Trim('[', ']'), out var given) && !given.Equals(IPAddress.Any) && !given.Equals(IPAddress.IPv6Any)
                ? given
                : IPAddress.Loopback;
            await Task.WhenAll(_links.WarmUpAsync(new IPEndPoint(address, plain.Port), cancellation), SocketIoWarmUp.RunAsync());
        }
    }

    private void TellStart()
    {
        GatewayLog.Listening(_log, string.Join(' ', Endpoints));
        if (!_setup.Options.Listen.IsLoopback && !_setup.Options.NeedsToken)
        {
            GatewayLog.OpenToAll(_log, _setup.Options.Listen.ToString());
        }
    }

    /// <summary>Signals are handled by the command, which drains before it ends.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
