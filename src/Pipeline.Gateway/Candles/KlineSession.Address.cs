using Pipeline.Gateway.Security;

namespace Pipeline.Gateway.Candles;

/// <content>What it has of what the clients of its address share.</content>
internal sealed partial class KlineSession
{
    // Changed by the hub's thread alone.
    private volatile AddressQuota _quota;
    private bool _hasLeft;

    /// <summary>Held until it has left all rooms for good; another one when it came back from another address.</summary>
    public AddressQuota Quota => _quota;

    /// <summary>
    /// It goes on over a connection of this address: what it has counts there from now on. Only for the hub's thread.
    /// </summary>
    /// <param name="quota">Held for it.</param>
    public void MoveTo(AddressQuota quota)
    {
        if (_hasLeft)
        {
            quota.Release();
            return;
        }

        quota.BringStreams(Joined.Count);
        _quota.ReturnStreams(Joined.Count);
        _quota.Release();
        _quota = quota;
    }

    /// <summary>It has gone and left all rooms: nothing of it counts for its address any more. Only for the hub's thread.</summary>
    public void LeaveAddress()
    {
        _hasLeft = true;
        _quota.Release();
    }
}
