using System.Net;
using System.Net.Sockets;

namespace Pipeline.Host.Supervision;

/// <summary>Ways to ask whether a child lives or is ready: null = it is, otherwise why not.</summary>
internal static class Probe
{
    /// <summary>Well when somebody accepts connections there.</summary>
    public static Func<CancellationToken, Task<string?>> OfPort(string host, int port) => async cancellation =>
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancellation);
            return null;
        }
        catch (SocketException fault)
        {
            return $"{host}:{port}: {fault.Message}";
        }
    };

    /// <summary>Well when the answer is a success; otherwise its first line says why, by itself where the server says that it is there (503).</summary>
    public static Func<CancellationToken, Task<string?>> OfHttp(HttpClient client, Uri address) => async cancellation =>
    {
        try
        {
            using var answer = await client.GetAsync(address, cancellation);
            if (answer.IsSuccessStatusCode)
            {
                return null;
            }

            var text = (await answer.Content.ReadAsStringAsync(cancellation)).Trim().Split('\n')[0];
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable && text.Length > 0
                ? text
                : $"{address} answers {(int)answer.StatusCode}: {text}";
        }
        catch (HttpRequestException fault)
        {
            return $"{address}: {fault.Message}";
        }
    };
}
