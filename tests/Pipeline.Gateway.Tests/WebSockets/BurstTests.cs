using System.Net.WebSockets;
using System.Text;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Tests.Hosting;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Tests.WebSockets;

/// <summary>Through a real gateway and real sockets.</summary>
public sealed class BurstTests
{
    [Fact]
    public async Task BurstOfTradesAndABoundaryOfFinals_CutNobodyWhoReads()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var clients = await Readers.ConnectAsync(gateway, 20);
        for (var i = 0; i < 5000; i++)
        {
            gateway.Source.AddTrade(i, RunningGateway.Now);
        }

        for (var instrument = 0; instrument < 100; instrument++)
        {
            foreach (var interval in "1s 5s 15s 30s 1m 3m 5m 15m 30m 1h 2h 4h".Split(' '))
            {
                gateway.Source.Add(
                    TopicKind.Candles, $"binance:C{instrument}-USDT:{interval}:0", $$"""{"interval":"{{interval}}","state":"final"}""", RunningGateway.Now);
            }
        }

        await clients.UntilAllHaveAsync(6200);
        Assert.All(clients.All, one => Assert.Equal((6200, true, null), (one.Count, one.IsInOrder, one.CloseStatus)));
    }

    [Fact]
    public async Task ClientThatStopsReading_IsCutWithItsCode_AndTheOthersGetEverything()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var clients = await Readers.ConnectAsync(gateway, 5);
        using var stopped = await Reader.ConnectAsync(gateway);
        Task? ending = null;
        const int Rounds = 30;
        const int Trades = 2000;
        for (var round = 1; round <= Rounds; round++)
        {
            for (var i = 0; i < Trades; i++)
            {
                gateway.Source.AddTrade(i, RunningGateway.Now);
            }

            await clients.UntilAllHaveAsync(round * Trades);

            // It is told why, and has five seconds to hear it.
            if (ending is null && gateway.Host.Links.Links.Any(link => !link.IsOpen))
            {
                ending = stopped.ReadAsync();
            }
        }

        Assert.All(clients.All, one => Assert.Equal((Rounds * Trades, true, null), (one.Count, one.IsInOrder, one.CloseStatus)));
        await (ending ?? stopped.ReadAsync());
        Assert.Equal((WebSocketCloseStatus)CloseCodes.SlowClient.Code, stopped.CloseStatus);
        Assert.Equal(CloseCodes.SlowClient.Reason, stopped.CloseReason);
        Assert.InRange(stopped.Count, 1, (Rounds * Trades) - 1);
        Assert.True(stopped.IsInOrder);
    }

    private sealed class Readers(List<Reader> all) : IAsyncDisposable
    {
        private readonly List<Task> _reading = [.. all.Select(one => one.ReadAsync())];

        public IReadOnlyList<Reader> All => all;

        public static async Task<Readers> ConnectAsync(RunningGateway gateway, int count)
        {
            var all = new List<Reader>();
            for (var i = 0; i < count; i++)
            {
                all.Add(await Reader.ConnectAsync(gateway));
            }

            return new Readers(all);
        }

        public Task UntilAllHaveAsync(int messages) => RunningGateway.UntilAsync(() => all.TrueForAll(one => one.Count >= messages || one.CloseStatus is not null));

        public async ValueTask DisposeAsync()
        {
            all.ForEach(one => one.Dispose());
            await Task.WhenAll(_reading);
        }
    }

    private sealed class Reader(ClientWebSocket socket) : IDisposable
    {
        private readonly Dictionary<string, long> _last = [];
        private int _count;

        /// <summary>Data messages.</summary>
        public int Count => Volatile.Read(ref _count);

        /// <summary>In every stream prev was the seq before.</summary>
        public bool IsInOrder { get; private set; } = true;

        public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

        public string? CloseReason => socket.CloseStatusDescription;

        public static async Task<Reader> ConnectAsync(RunningGateway gateway)
        {
            var socket = new ClientWebSocket();
            await socket.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/ws" }.Uri, CancellationToken.None);
            await socket.SendAsync(Encoding.UTF8.GetBytes("""{"op":"subscribe"}"""), WebSocketMessageType.Text, true, CancellationToken.None);
            var buffer = new byte[1000];
            await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            return new Reader(socket);
        }

        public async Task ReadAsync()
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (true)
                {
                    var length = 0;
                    ValueWebSocketReceiveResult received;
                    do
                    {
                        received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                        length += received.Count;
                    }
                    while (!received.EndOfMessage);
                    if (received.MessageType == WebSocketMessageType.Close)
                    {
                        return;
                    }

                    Take(Encoding.UTF8.GetString(buffer, 0, length));
                }
            }
            catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Ended by the test, or broken: the counts tell.
            }
        }

        public void Dispose() => socket.Dispose();

        private void Take(string message)
        {
            var stream = Between(message, "\"stream\":\"", "\"");
            var seq = long.Parse(Between(message, "\"seq\":", ","), System.Globalization.CultureInfo.InvariantCulture);
            var prev = Between(message, "\"prev\":", ",");
            IsInOrder &= !_last.TryGetValue(stream, out var last)
                ? prev == "null"
                : prev == last.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _last[stream] = seq;
            Interlocked.Increment(ref _count);
        }

        private static string Between(string text, string start, string end)
        {
            var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
            return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
        }
    }
}
