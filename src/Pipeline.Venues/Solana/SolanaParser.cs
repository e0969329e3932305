using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Solana;

/// <summary>
/// Frames of the event stream, one event each. Two readers: the predictive one takes events in the usual order of members, the
/// order-free one takes everything else and decides what is right. Copies and order are judged further on.
/// </summary>
internal sealed class SolanaParser : IVenueParser
{
    public void Parse(FrameBatch frames, VenueBatch into)
    {
        into.Source = frames.Source;
        into.ReceivedTime = frames.ReceivedTime;
        into.Frames += frames.Count;
        var symbols = frames.Source.Symbols;
        for (var i = 0; i < frames.Count; i++)
        {
            var frame = frames[i];
            if (frames.WireSize(i) > frame.Length)
            {
                into.AddDeadLetter(DeadLetterReason.TooLarge, frame, frames.WireSize(i));
            }
            else if (!SolanaPredictiveReader.TryRead(frame, symbols, into))
            {
                var reason = SolanaOrderFreeReader.Read(frame, symbols, into);
                if (reason is not null)
                {
                    into.AddDeadLetter(reason, frame, frame.Length);
                }
            }
        }
    }
}
