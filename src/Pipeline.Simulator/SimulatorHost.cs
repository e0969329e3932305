using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Binance;
using Pipeline.Simulator.Control;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator;

/// <summary>The offline exchange, running. Dispose to close its clients with 1001 and free its ports.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    // Shutting down is an affair of the machine, not of a simulated clock that may stand still.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    private readonly SimulatorState _state;
    private readonly BinanceSpotVenue _binance;
    private readonly HttpEndpoint _binanceEndpoint;
    private readonly HttpEndpoint _controlEndpoint;
    private readonly ILogger _log;
    private int _disposed;

    private SimulatorHost(
        SimulatorState state, BinanceSpotVenue binance, HttpEndpoint binanceEndpoint, HttpEndpoint controlEndpoint, ILogger log)
    {
        _state = state;
        _binance = binance;
        _binanceEndpoint = binanceEndpoint;
        _controlEndpoint = controlEndpoint;
        _log = log;
        BinanceSpotUri = new UriBuilder(binanceEndpoint.Address) { Scheme = "ws" }.Uri;
    }

    /// <summary>Address of the Binance spot dialect without a path, such as <c>ws://127.0.0.1:9443/</c>.</summary>
    public Uri BinanceSpotUri { get; }

    /// <summary>Address of the control port.</summary>
    public Uri ControlUri => _controlEndpoint.Address;

    /// <summary>Figures as of now.</summary>
    public SimulatorTotals Totals => _state.Totals();

    /// <summary>Starts markets or replay, the dialect and the control port.</summary>
    /// <param name="options">What to simulate and where to listen; port 0 = any free one.</param>
    /// <param name="clock">Drives the markets and every time limit.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="SimulatorStartException">An option, a port or the recording is the reason; the message says which.</exception>
    public static async Task<SimulatorHost> StartAsync(
        SimulatorOptions options, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(loggers);
        SimulatorOptionsCheck.Check(options);
        var recording = await ReadRecordingAsync(options, cancellation);
        var publisher = new BinancePublisher();
        var world = MakeWorld(options, clock, publisher, recording);
        var directory = new StreamDirectory(world?.Engines.Select(engine => engine.Spec) ?? []);
        publisher.Open(directory);
        var state = new SimulatorState(clock, new ConnectionTable(), world, recording);
        var log = loggers.CreateLogger("Pipeline.Simulator");
        var binance = new BinanceSpotVenue(options, clock, directory, recording, state.Connections, log);
        try
        {
            return await ListenAsync(options, state, binance, log, cancellation);
        }
        catch
        {
            binance.Dispose();
            world?.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _state.World?.Dispose();
        await SayGoodbyeAsync();
        _binance.Dispose();
        await _binanceEndpoint.DisposeAsync();
        await _controlEndpoint.DisposeAsync();
        _log.Stopped();
    }

    private static async Task<SimulatorHost> ListenAsync(
        SimulatorOptions options, SimulatorState state, BinanceSpotVenue binance, ILogger log, CancellationToken cancellation)
    {
        var venue = await HttpEndpoint.StartAsync(
            "simulator.binanceSpotListen", options.BinanceSpotListen, application => application.Run(binance.HandleAsync), cancellation);
        try
        {
            var control = await HttpEndpoint.StartAsync(
                "simulator.controlListen", options.ControlListen, application => ControlRoutes.Map(application, state), cancellation);
            var host = new SimulatorHost(state, binance, venue, control, log);
            log.Started(host.BinanceSpotUri, host.ControlUri, state.Mode, state.World?.Engines.Count ?? 0);
            state.World?.Start();
            return host;
        }
        catch
        {
            await venue.DisposeAsync();
            throw;
        }
    }

    private static async Task<Recording?> ReadRecordingAsync(SimulatorOptions options, CancellationToken cancellation)
    {
        try
        {
            return options.Replay is { } replay ? await RecordingReader.ReadAsync(replay.Recording, cancellation) : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new SimulatorStartException($"simulator.replay: {e.Message}", e);
        }
    }

    private static MarketWorld? MakeWorld(SimulatorOptions options, TimeProvider clock, BinancePublisher publisher, Recording? recording)
    {
        try
        {
            return recording is null ? new MarketWorld(options, clock, publisher) : null;
        }
        catch (ArgumentException e)
        {
            throw new SimulatorStartException(e.Message, e);
        }
    }

    private async Task SayGoodbyeAsync()
    {
        using var patience = new CancellationTokenSource(GoodbyeTimeout);
        _state.Connections.IsStopping = true;
        foreach (var session in _state.Connections.Open)
        {
            session.Connection.Close(CloseCode.GoingAway, BinanceSpotVenue.Goodbye);
        }

        while (!_state.Connections.IsIdle && !patience.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }

        foreach (var session in _state.Connections.Open)
        {
            session.Connection.Abort("shutdown");
        }
    }
}
