using System.Buffers.Text;
using System.Security.Cryptography;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>Ids that cannot be guessed: who knows one may speak for its session.</summary>
internal static class SessionIds
{
    private const int Bytes = 15;

    /// <summary>Characters of an id.</summary>
    public const int Length = 20;

    public static string Create()
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }
}
