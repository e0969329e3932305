using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Topology;
using Pipeline.Simulator;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.Transcripts;
using Pipeline.Simulator.World;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>
/// Any venue, in the little that faults of its layers need: it acks subscriptions one by one, answers <c>ping</c>, and publishes what
/// a test says.
/// </summary>
internal sealed class ScriptedVenue : IVenueDialect, IAsyncDisposable
{
    private static readonly FaultRequestReader Reader = new("id");

    private HttpEndpoint? _endpoint;
    private VenueServer? _server;

    private ScriptedVenue(SimulatedVenue venue) => Listing = new VenueListing(venue, new RecordingListener(), _ => []);

    public VenueListing Listing { get; }

    public ConnectLimit ConnectLimit { get; } = new(1000, TimeSpan.FromMinutes(1));

    public int MaxRequestBytes => 100_000;

    public TestTimeProvider Clock { get; } = SimulatorTime.Make();

    public FaultBoard Board { get; private set; } = null!;

    public ConnectionTable Connections { get; } = new();

    /// <summary>Answers requests that are no handshakes.</summary>
    public Func<string> Answer { get; set; } = () => "{}";

    public static async Task<ScriptedVenue> StartAsync(SimulatedVenue venue)
    {
        var scripted = new ScriptedVenue(venue);
        scripted.Board = new FaultBoard(scripted.Clock);
        var state = new SimulatorState(scripted.Clock, scripted.Connections, null, null)
        {
            Faults = scripted.Board,
            Transcript = new Transcript(null, scripted.Clock),
        };
        var server = scripted._server = new VenueServer(scripted, new SimulatorOptions(), state, NullLogger.Instance);
        scripted._endpoint = await HttpEndpoint.StartAsync(
            "test", new Uri("http://127.0.0.1:0"), application => application.Run(server.HandleAsync), CancellationToken.None);
        return scripted;
    }

    public ActiveFault Fault(string json) => Board.Add(Reader.Read(Pipeline.Core.Topology.Yaml.YamlTree.Read(json)));

    public async Task<RawClient> ConnectAsync()
    {
        var client = await RawClient.ConnectAsync(_endpoint!.Address, "/ws");
        await Simulation.SettleAsync(Connections);
        return client;
    }

    public HttpClient Http() => new() { BaseAddress = _endpoint!.Address };

    public void Publish(string stream, string payload)
    {
        foreach (var session in Connections.Open)
        {
            session.Connection.PublishText(stream, Encoding.UTF8.GetBytes(payload));
            session.Connection.Wake();
        }
    }

    public void Open(MarketWorld? world)
    {
    }

    public Func<SimulatorConnection, IVenueSession>? Route(HttpRequest request) =>
        request.Path == "/ws" ? connection => new Session(connection, this) : null;

    public Task AnswerAsync(HttpContext context) => context.Response.WriteAsync(Answer());

    public async ValueTask DisposeAsync()
    {
        foreach (var session in Connections.Open)
        {
            session.Connection.Abort("over");
        }

        _server!.Dispose();
        await _endpoint!.DisposeAsync();
    }

    private sealed class Session(SimulatorConnection connection, ScriptedVenue venue) : IVenueSession
    {
        private readonly List<string> _streams = [];

        public SimulatorConnection Connection => connection;

        public IVenueDialect Dialect => venue;

        public IReadOnlyList<string> Streams => [.. _streams];

        public long PingsSent => 0;

        public long PongsReceived => 0;

        public ReplayProgress? Replay => null;

        public bool IsSubscribed(string stream) => _streams.Contains(stream);

        public void Open()
        {
        }

        public void OnClock()
        {
        }

        public void End()
        {
        }

        public void OnMessage(ReadOnlySpan<byte> message, long length)
        {
            if (message.SequenceEqual("ping"u8))
            {
                connection.Send(Opcode.Text, "pong"u8);
                return;
            }

            var request = JsonNode.Parse(message)!;
            foreach (var arg in request["args"]!.AsArray())
            {
                var stream = $"{arg!["channel"]}:{arg["instId"]}";
                _streams.Remove(stream);
                if ((string?)request["op"] == "subscribe")
                {
                    _streams.Add(stream);
                }

                connection.Send(Opcode.Text, Encoding.UTF8.GetBytes($"ack {request["op"]} {stream}"));
            }
        }

        public void OnPing(ReadOnlySpan<byte> payload) => connection.Send(Opcode.Pong, payload);

        public void OnPong(ReadOnlySpan<byte> payload)
        {
        }
    }
}
