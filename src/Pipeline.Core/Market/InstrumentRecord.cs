namespace Pipeline.Core.Market;

/// <summary>One state of an instrument, as <c>md.instruments</c> has it.</summary>
/// <param name="Aliases">Other spellings under which it is understood, the venue's own among them.</param>
/// <param name="Revision">1 for the first state known, rising with every change.</param>
/// <param name="UpdatedTime">When this state was seen first; microseconds since the Unix epoch, UTC.</param>
public sealed record InstrumentRecord(InstrumentInfo Info, IReadOnlyList<string> Aliases, int Revision, long UpdatedTime);
