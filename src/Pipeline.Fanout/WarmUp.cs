using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Fanout;

/// <summary>
/// A few clients of our own, once at the start: what the first real ones would wait and pay for (code that is not compiled yet, the
/// cryptography library) is there when they come. They come in by a path that nobody can guess and leave no trace in the figures.
/// </summary>
internal sealed class WarmUp : ILinkHandler
{
    private const int Clients = 32;
    private const int Rounds = 40;

    private static readonly TieringPause Pause = new(every: 10);

    private static readonly byte[] Message = [0x81, 0x84, 1, 2, 3, 4, .. "warm"u8];
    private static readonly byte[] Close = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

    private readonly string _path = $"/{Guid.NewGuid():N}";
    private readonly LinkDecision _decision;
    private readonly Room _room = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = Clients;

    public WarmUp() => _decision = new LinkDecision { Handler = this };

    public LinkDecision? Decide(UpgradeRequest request) => request.Path == _path ? _decision : null;

    /// <summary>Completes when the last link is gone from the server.</summary>
    public Task Ended => _ended.Task;

    /// <summary>A link is gone from the server.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _ended.SetResult();
        }
    }

    /// <summary>Connects, has messages published to all, and leaves.</summary>
    public async Task RunAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var clients = Enumerable.Range(0, Clients).Select(_ => new TcpClient { NoDelay = true }).ToList();
        try
        {
            foreach (var client in clients)
            {
                await client.ConnectAsync(endPoint, cancellationToken);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Handshake()), cancellationToken);
            }

            var buffer = new byte[4096];
            for (var round = 0; round < Rounds; round++)
            {
                await Pause.BeforeAsync(round, cancellationToken);
                foreach (var stream in clients.Select(client => client.GetStream()))
                {
                    // Reads whatever came by now, an answer to a handshake or messages; it is of no interest.
                    await stream.WriteAsync(round < Rounds - 1 ? Message : Close, cancellationToken);
                    await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, cancellationToken);
                }
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    public void OnOpened(ClientLink link) => _room.Add(link);

    public ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary)
    {
        _room.Publish(SharedMessage.Text(payload.ToArray()), Delivery.Required);
        return ValueTask.CompletedTask;
    }

    public void OnClosed(ClientLink link, LinkClosure closure) => _room.Remove(link);

    private string Handshake() =>
        $"GET {_path} HTTP/1.1\r\nHost: warm-up\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: d2FybS11cC13YXJtLXVwIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
}
