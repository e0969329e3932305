using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Control;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Scenarios;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.Transcripts;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator;

/// <summary>The offline exchange, running. Dispose to close its clients with 1001 and free its ports.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    // Shutting down is an affair of the machine, not of a simulated clock that may stand still.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    private readonly SimulatorState _state;
    private readonly IReadOnlyList<ServedVenue> _venues;
    private readonly HttpEndpoint _controlEndpoint;
    private readonly ILogger _log;
    private LoadDriver? _load;
    private int _disposed;

    private SimulatorHost(SimulatorState state, IReadOnlyList<ServedVenue> venues, HttpEndpoint controlEndpoint, ILogger log)
    {
        _state = state;
        _venues = venues;
        _controlEndpoint = controlEndpoint;
        _log = log;
    }

    /// <summary>Address of the Binance spot dialect without a path, such as <c>ws://127.0.0.1:9443/</c>.</summary>
    public Uri BinanceSpotUri => UriOf(SimulatedVenue.BinanceSpot)!;

    /// <summary>Address of the Binance futures dialect; null when it is not served.</summary>
    public Uri? BinanceFuturesUri => UriOf(SimulatedVenue.BinanceFutures);

    /// <summary>Address of the OKX dialect; null when it is not served.</summary>
    public Uri? OkxUri => UriOf(SimulatedVenue.Okx);

    /// <summary>Address of the Bybit dialect; null when it is not served.</summary>
    public Uri? BybitUri => UriOf(SimulatedVenue.Bybit);

    /// <summary>Address of the stream of program events; null when it is not served.</summary>
    public Uri? SolanaUri => UriOf(SimulatedVenue.Solana);

    /// <summary>Address of the control port.</summary>
    public Uri ControlUri => _controlEndpoint.Address;

    /// <summary>Figures as of now.</summary>
    public SimulatorTotals Totals => _state.Totals();

    internal ConnectionTable Connections => _state.Connections;

    /// <summary>The markets; null for a replay.</summary>
    internal MarketWorld? World => _state.World;

    /// <summary>Starts markets or replay, the dialects and the control port.</summary>
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
        var log = loggers.CreateLogger("Pipeline.Simulator");
        var places = VenuePlaces.Of(options, clock, recording, log);
        var scenario = options.Scenario is { } script ? ScenarioReader.ReadFile(script) : null;
        var faults = new FaultBoard(clock);
        var world = MakeWorld(options, clock, places, recording, faults);
        foreach (var place in places)
        {
            place.Dialect.Open(world);
        }

        var state = new SimulatorState(clock, new ConnectionTable(), world, recording)
        {
            Faults = faults,
            Transcript = new Transcript(options.Transcript, clock),
            IsLoad = options.Load && world is not null,
        };
        try
        {
            var host = await ListenAsync(options, state, places, log, cancellation);
            state.Scenario = scenario is null ? null : new ScenarioRunner(scenario, faults, clock);
            return host;
        }
        catch
        {
            world?.Dispose();
            faults.Dispose();
            await state.Transcript.DisposeAsync();
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
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }

        _state.Scenario?.Dispose();
        _state.Faults.EndAll();
        await SayGoodbyeAsync();
        foreach (var venue in _venues)
        {
            await venue.DisposeAsync();
        }

        await _controlEndpoint.DisposeAsync();
        _state.Faults.Dispose();
        await _state.Transcript.DisposeAsync();
        _log.Stopped();
    }

    private static async Task<SimulatorHost> ListenAsync(
        SimulatorOptions options,
        SimulatorState state,
        IReadOnlyList<VenuePlace> places,
        ILogger log,
        CancellationToken cancellation)
    {
        var venues = new List<ServedVenue>();
        try
        {
            foreach (var place in places)
            {
                var server = new VenueServer(place.Dialect, options, state, log);
                venues.Add(await ServedVenue.StartAsync(place, server, cancellation));
            }

            var control = await HttpEndpoint.StartAsync(
                "simulator.controlListen", options.ControlListen, application => ControlRoutes.Map(application, state), cancellation);
            var host = new SimulatorHost(state, venues, control, log);
            log.Started(string.Join(", ", venues.Select(venue => venue.Address)), host.ControlUri, state.Mode, state.World?.Engines.Count ?? 0);
            host.Start();
            return host;
        }
        catch
        {
            foreach (var venue in venues)
            {
                await venue.DisposeAsync();
            }

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

    private static MarketWorld? MakeWorld(
        SimulatorOptions options, TimeProvider clock, IEnumerable<VenuePlace> places, Recording? recording, FaultBoard faults)
    {
        try
        {
            return recording is null ? new MarketWorld(options, clock, [.. places.Select(place => place.Dialect.Listing)], faults) : null;
        }
        catch (ArgumentException e)
        {
            throw new SimulatorStartException(e.Message, e);
        }
    }

    private void Start()
    {
        if (_state.IsLoad)
        {
            _load = new LoadDriver(_state.World!, _state.Connections, _state.Clock, _log);
        }
        else
        {
            _state.World?.Start();
        }
    }

    private Uri? UriOf(SimulatedVenue venue) => _venues.FirstOrDefault(one => one.Venue == venue)?.Address;

    private async Task SayGoodbyeAsync()
    {
        using var patience = new CancellationTokenSource(GoodbyeTimeout);
        _state.Connections.IsStopping = true;
        foreach (var session in _state.Connections.Open)
        {
            session.Connection.Close(CloseCode.GoingAway, VenueServer.Goodbye);
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
