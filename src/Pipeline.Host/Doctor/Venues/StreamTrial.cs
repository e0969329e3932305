using System.Buffers;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>One socket of a venue, one stream asked for on it: what came of that. To be run once.</summary>
internal sealed class StreamTrial(VenueProbe venue)
{
    private static readonly TimeSpan AckLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DataLimit = TimeSpan.FromSeconds(5);

    private readonly ArrayBufferWriter<byte> _frame = new(64 * 1024);
    private long _asked;

    /// <summary>From the request to its acknowledgement; null while there is none.</summary>
    public TimeSpan? Acked { get; private set; }

    /// <summary>From the request to the first market data; null while there is none.</summary>
    public TimeSpan? FirstData { get; private set; }

    /// <summary>The venue's words when it refused the stream.</summary>
    public string? Refusal { get; private set; }

    /// <summary>How the venue ended the connection; null when it did not.</summary>
    public string? Closed { get; private set; }

    /// <summary>Asks, and returns when data has come, or so long after the acknowledgement that it should have.</summary>
    public async Task RunAsync(IFeedSocket socket, string stream, CancellationToken cancellation)
    {
        _asked = venue.Time.GetTimestamp();
        if (venue.Adapter.TakesRequests)
        {
            await socket.SendAsync(venue.Adapter.EncodeRequest(SubscriptionAction.Subscribe, 1, [stream]), cancellation);
        }
        else
        {
            Acked = TimeSpan.Zero;
        }

        await TimeLimit.KeepAsync(AckLimit, venue.Time, token => ReadUntilAsync(socket, stream, () => Acked is not null, token), () => false, cancellation);
        if (Acked is not null && !IsOver)
        {
            await TimeLimit.KeepAsync(DataLimit, venue.Time, token => ReadUntilAsync(socket, stream, () => false, token), () => false, cancellation);
        }
    }

    private bool IsOver => Refusal is not null || Closed is not null || (Acked is not null && FirstData is not null);

    private async Task<bool> ReadUntilAsync(IFeedSocket socket, string stream, Func<bool> isEnough, CancellationToken cancellation)
    {
        while (!IsOver && !isEnough())
        {
            var part = await socket.ReceiveAsync(_frame.GetMemory(16 * 1024), cancellation);
            if (part.IsClose)
            {
                Closed = $"it closed the connection with code {socket.CloseStatus}: {socket.CloseDescription}";
                return false;
            }

            _frame.Advance(part.Count);
            if (part.EndOfMessage)
            {
                Take(_frame.WrittenSpan, stream);
                _frame.ResetWrittenCount();
            }
        }

        return true;
    }

    private void Take(ReadOnlySpan<byte> frame, string stream)
    {
        var now = venue.Time.GetElapsedTime(_asked);
        if (venue.Adapter.TryReadReply(frame, out var reply) && (reply.Id is null or 1) && (reply.Stream is null || reply.Stream == stream))
        {
            Refusal = reply.Error;
            Acked ??= reply.Error is null ? now : null;
        }
        else if (venue.Adapter.IsMarketData(frame))
        {
            FirstData ??= now;
        }
    }
}
