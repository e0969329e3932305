using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// When, and over which leg, the first copies of the newest trades of a lane came: what the second copies are compared with. A fixed table;
/// a trade that falls on another's place takes it, and one sample is lost.
/// </summary>
internal sealed class FirstCopies
{
    private const int Size = 8_192;

    private readonly Entry[] _entries = new Entry[Size];

    /// <summary>
    /// True when the trade was brought before. The first leg is credited with its lead when another one brings it, once.
    /// </summary>
    public bool Meet(Instrument instrument, long id, long socket, long now)
    {
        ref var entry = ref _entries[PlaceOf(instrument, id)];
        if (entry.Leg is null || entry.Id != id || entry.Instrument != instrument.Index)
        {
            return false;
        }

        if (entry.Socket != socket && !entry.IsMet)
        {
            entry.IsMet = true;
            entry.Leg.Lead.Add(now - entry.Time, now);
        }

        return true;
    }

    public void Remember(Instrument instrument, long id, long socket, LegFigures leg, long now) =>
        _entries[PlaceOf(instrument, id)] = new Entry { Id = id, Instrument = instrument.Index, Socket = socket, Time = now, Leg = leg };

    /// <summary>Ids that follow each other lie side by side; instruments are spread.</summary>
    private static int PlaceOf(Instrument instrument, long id) =>
        (int)(((ulong)id + ((ulong)instrument.Index * 0x9E37_79B9_7F4A_7C15ul >> 20)) % Size);

    private struct Entry
    {
        public long Id;
        public long Socket;
        public long Time;
        public int Instrument;
        public bool IsMet;
        public LegFigures? Leg;
    }
}
