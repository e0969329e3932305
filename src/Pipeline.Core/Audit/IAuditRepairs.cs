using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>
/// Who fetches trades that the audit misses. Called from station 5, from several lanes at once and at most once for a candle: it must hand
/// over and return at once. It is a hint and no hole: the ledger of holes belongs to station 4, which passes over what it has.
/// </summary>
public interface IAuditRepairs
{
    void Request(AuditRepair lacking);
}
