using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Okx;

/// <summary>
/// Frames of OKX v5. Three readers: the predictive one takes frames in the venue's usual field order, the keyed one plain frames in any
/// order, the order-free one takes everything else and decides what is right.
/// </summary>
internal sealed class OkxParser : IVenueParser
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
            else if (!OkxPredictiveReader.TryRead(frame, symbols, into) && !OkxKeyedReader.TryRead(frame, symbols, into))
            {
                var reason = OkxOrderFreeReader.Read(frame, symbols, into);
                if (reason is not null)
                {
                    into.AddDeadLetter(reason, frame, frame.Length);
                }
            }
        }
    }
}
