using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Simulator;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.Transcripts;
using Pipeline.Simulator.World;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Simulator;

/// <summary>One dialect with its world on a test clock and a free port, without the rest of the simulator.</summary>
internal sealed class VenueSimulation : IAsyncDisposable
{
    public static readonly SimulatedSymbol Cheap = new("XYZ-USDT", Number.Parse("0.1234"), Number.Parse("0.0001"), Number.Parse("1"));

    private readonly ServedVenue _served;

    private VenueSimulation(ServedVenue served, MarketWorld world, TestTimeProvider clock, ConnectionTable connections)
    {
        _served = served;
        World = world;
        Clock = clock;
        Connections = connections;
        Http = new HttpClient { BaseAddress = new UriBuilder(served.Address) { Scheme = "http" }.Uri };
    }

    public static SimulatorOptions Options { get; } =
        Simulation.Options with { Symbols = [Simulation.Btc, Cheap], TradesPerSecond = 20, QuotesPerSecond = 40 };

    public MarketWorld World { get; }

    public TestTimeProvider Clock { get; }

    public ConnectionTable Connections { get; }

    public HttpClient Http { get; }

    public Uri Address => _served.Address;

    public static async Task<VenueSimulation> StartAsync(
        Func<TimeProvider, IVenueDialect> make, SimulatorOptions? options = null)
    {
        var given = options ?? Options;
        var clock = SimulatorTime.Make();
        var dialect = make(clock);
        var world = new MarketWorld(given, clock, [dialect.Listing]);
        dialect.Open(world);
        var connections = new ConnectionTable();
        var state = new SimulatorState(clock, connections, world, recording: null)
        {
            Faults = new FaultBoard(clock),
            Transcript = new Transcript(null, clock),
        };
        var server = new VenueServer(dialect, given, state, NullLogger.Instance);
        var place = new VenuePlace("listen", new Uri("http://127.0.0.1:0"), dialect);
        var served = await ServedVenue.StartAsync(place, server, CancellationToken.None);
        world.Start();
        return new VenueSimulation(served, world, clock, connections);
    }

    public async Task<RawClient> ConnectAsync(string path)
    {
        var client = await RawClient.ConnectAsync(Address, path);
        await Simulation.SettleAsync(Connections);
        return client;
    }

    public SymbolEngine Engine(SimulatedVenue venue, string symbol)
    {
        Assert.True(World.TryFind(venue, symbol, out var engine));
        return engine;
    }

    public void Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        World.Dispose();
        await _served.DisposeAsync();
    }
}
