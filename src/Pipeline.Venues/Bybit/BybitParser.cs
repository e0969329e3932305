using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// Frames of Bybit v5 spot. Two readers: the predictive one takes messages of known members without white space, the order-free one
/// takes everything else and decides what is right. Of a message with several rows the good ones are taken even when another is a
/// reason to keep the frame as a dead letter.
/// </summary>
internal sealed class BybitParser : IVenueParser
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
            else if (!BybitPredictiveReader.TryRead(frame, symbols, into))
            {
                var reason = BybitOrderFreeReader.Read(frame, symbols, into);
                if (reason is not null)
                {
                    into.AddDeadLetter(reason, frame, frame.Length);
                }
            }
        }
    }
}
