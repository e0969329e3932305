using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Feeds;

/// <summary>What one connection brings, over all its sockets. Noted per batch by its receive loop, read from anywhere.</summary>
internal sealed class ConnectionTraffic(string venue, VenueTraffic? all, TimeProvider time, PipelineMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly WireMeter _meter = new();
    private readonly long _start = time.GetTimestamp();
    private IFeedSocket? _socket;
    private long _ofSocket;
    private long _wire;
    private long _payload;

    /// <summary>Bytes of frames, headers included, before inflation.</summary>
    public long WireBytes => Interlocked.Read(ref _wire);

    /// <summary>Bytes of messages, after inflation.</summary>
    public long PayloadBytes => Interlocked.Read(ref _payload);

    public bool IsCompressed => Volatile.Read(ref _socket) is { IsCompressed: true };

    /// <summary>On the wire, mean of the last ten seconds.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                return _meter.BytesPerSecond(time.GetElapsedTime(_start));
            }
        }
    }

    public void Opened(IFeedSocket socket)
    {
        _ofSocket = 0;
        Volatile.Write(ref _socket, socket);
        metrics.Compressed(venue, socket.IsCompressed ? 1 : 0);
    }

    /// <summary>A batch came.</summary>
    /// <param name="payload">Bytes of its messages.</param>
    public void Note(long payload)
    {
        if (_socket is not { } socket)
        {
            return;
        }

        var wire = socket.WireBytes;
        var bytes = wire - _ofSocket;
        _ofSocket = wire;
        Interlocked.Add(ref _wire, bytes);
        Interlocked.Add(ref _payload, payload);
        lock (_gate)
        {
            _meter.Add(bytes, time.GetElapsedTime(_start));
        }

        metrics.WireBytes(venue, bytes);
        all?.Note(bytes);
    }

    /// <summary>The socket ended; what came since the last batch, such as its close, is counted still.</summary>
    public void Ended()
    {
        Note(0);
        metrics.Compressed(venue, IsCompressed ? -1 : 0);
        Volatile.Write(ref _socket, null);
    }
}
