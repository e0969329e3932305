using System.Text;

namespace Pipeline.Kafka.Verification;

/// <summary>The instruments by their record key; those that are not wanted are remembered too.</summary>
internal sealed class InstrumentProofs
{
    private const int MaxKey = 512;

    private readonly Dictionary<string, InstrumentProof?> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InstrumentProof?>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly Func<string, InstrumentProof?> _make;

    /// <param name="make">Null for an instrument that is not wanted.</param>
    public InstrumentProofs(Func<string, InstrumentProof?> make)
    {
        _make = make;
        _byText = _byKey.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IEnumerable<InstrumentProof> All => _byKey.Values.OfType<InstrumentProof>();

    public int Count => _byKey.Values.Count(proof => proof is not null);

    /// <param name="key">Record key.</param>
    /// <param name="parts">How many parts, divided by colons, follow the instrument in it.</param>
    /// <param name="isKey">False when it is no such key.</param>
    public InstrumentProof? Find(ReadOnlySpan<byte> key, int parts, out bool isKey)
    {
        for (var i = 0; i < parts && !key.IsEmpty; i++)
        {
            var colon = key.LastIndexOf((byte)':');
            key = colon < 0 ? default : key[..colon];
        }

        isKey = key.Length is > 2 and <= MaxKey && key.IndexOf((byte)':') > 0;
        return isKey ? Find(key) : null;
    }

    private InstrumentProof? Find(ReadOnlySpan<byte> key)
    {
        Span<char> text = stackalloc char[MaxKey];
        var length = Encoding.UTF8.GetChars(key, text);
        if (!_byText.TryGetValue(text[..length], out var proof))
        {
            var name = text[..length].ToString();
            proof = _make(name);
            _byKey.Add(name, proof);
        }

        return proof;
    }
}
