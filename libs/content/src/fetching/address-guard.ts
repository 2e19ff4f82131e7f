import { BlockList, isIP } from 'node:net';

/** IPv4 that no public site has: IANA's special-purpose registry (RFC 6890), multicast, and Azure's metadata service. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '168.63.129.16/32',
];
/** All unicast that has been given out. Mapped, loopback, link-local, unique local and multicast lie outside. */
const PUBLIC_6 = '2000::/3';
/** Inside it: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112, the former 6bone. */
const NOT_PUBLIC_6 = [
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3ffe::/16',
  '3fff::/20',
];
/** RFC 6052: on a network without IPv4 every IPv4 site is here, and so is every private address. */
const NAT64 = '64:ff9b::';

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const version = isIP(address);
    if (version === 0) continue;
    const type = version === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), type);
  }
  return list;
}

const throughNat64 = (network: string) => {
  const [address = '', bits] = network.split('/');
  return `${NAT64}${address}/${96 + Number(bits)}`;
};

const notPublic4 = listOf(NOT_PUBLIC_4);
const public6 = listOf([PUBLIC_6]);
const notPublic6 = listOf(NOT_PUBLIC_6);
const nat64 = listOf([`${NAT64}/96`]);
const notPublicThroughNat64 = listOf(NOT_PUBLIC_4.map(throughNat64));

/**
 * Whether an address belongs to the public internet, so that it can not be a part of the network this server stands in.
 * @param address as DNS gives it, without brackets. What is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic4.check(address, 'ipv4');
    case 6:
      if (address.includes('%')) return false; // a zone: link-local
      if (nat64.check(address, 'ipv6')) return !notPublicThroughNat64.check(address, 'ipv6');
      return public6.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Says which addresses may be connected to: the public ones, and those that the operator allows. */
export class AddressGuard {
  private readonly networks: BlockList;
  private readonly hosts: ReadonlySet<string>;

  /** @param allowed addresses, networks in CIDR notation and host names, in lower case */
  constructor(allowed: readonly string[]) {
    this.networks = listOf(allowed);
    this.hosts = new Set(allowed.filter((item) => isIP(item.split('/')[0] ?? '') === 0));
  }

  /** @param host the name that was asked for, or the address itself */
  mayConnect(host: string, address: string): boolean {
    if (this.hosts.has(host.toLowerCase().replace(/\.$/, ''))) return true;
    if (isPublicAddress(address)) return true;
    const version = isIP(address);
    if (version === 0 || address.includes('%')) return false;
    return this.networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}
