using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>The <see cref="InstrumentText"/> of every instrument seen, found by its dense index. Safe from any thread.</summary>
internal sealed class InstrumentTexts
{
    private readonly Lock _gate = new();
    private volatile InstrumentText?[] _texts = new InstrumentText?[64];

    public InstrumentText Of(Instrument instrument)
    {
        var texts = _texts;
        var index = instrument.Index;
        if ((uint)index < (uint)texts.Length && texts[index] is { } text && ReferenceEquals(text.Instrument, instrument))
        {
            return text;
        }

        return Add(instrument);
    }

    private InstrumentText Add(Instrument instrument)
    {
        var text = new InstrumentText(instrument);
        lock (_gate)
        {
            var texts = _texts;
            if (instrument.Index >= texts.Length)
            {
                Array.Resize(ref texts, Math.Max(instrument.Index + 1, texts.Length * 2));
            }

            texts[instrument.Index] = text;
            _texts = texts;
        }

        return text;
    }
}
