/**
 * Services of clouds that give credentials and settings to every caller inside. No option allows
 * them.
 *
 * Sources: the documentation of each cloud, and the data sources of cloud-init.
 */
import { isIPv4 } from 'node:net';
import { toBytes } from './ip-bytes.ts';
import { blockList, type Subnet } from './subnets.ts';

const ipv4: readonly Subnet[] = [
  // AWS, Google, Azure, Oracle, OpenStack, DigitalOcean, Hetzner, IBM, Akamai, Vultr, Exoscale, UpCloud
  ['169.254.169.254', 32],
  // AWS: task metadata and credentials of ECS; pod identity of EKS; time; DNS
  ['169.254.170.2', 32],
  ['169.254.170.23', 32],
  ['169.254.169.123', 32],
  ['169.254.169.253', 32],
  // Azure: the wire server of virtual machines (a public address), and app identity
  ['168.63.129.16', 32],
  ['169.254.130.1', 32],
  // Alibaba Cloud
  ['100.100.100.200', 32],
  // Oracle Cloud at Customer and Classic
  ['192.0.0.192', 32],
  // Tencent Cloud
  ['169.254.0.23', 32],
  ['169.254.10.10', 32],
  // Scaleway
  ['169.254.42.42', 32],
];

const ipv6: readonly Subnet[] = [
  // AWS: ::254 metadata, ::23 pod identity of EKS, ::123 time, ::253 DNS
  ['fd00:ec2::', 32],
  // Google Cloud, instances with IPv6 only
  ['fd20:ce::254', 128],
  // Oracle Cloud
  ['fd00:c1::a9fe:a9fe', 128],
  // Scaleway
  ['fd00:42::42', 128],
  // Akamai (Linode)
  ['fd00:a9fe:a9fe::1', 128],
  // Alibaba Cloud
  ['fd00:100::100:200', 128],
  // OpenStack
  ['fe80::a9fe:a9fe', 128],
];

const services = blockList([...ipv4, ...ipv6]);

const hostNames: ReadonlySet<string> = new Set([
  // Google Cloud
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  // AWS
  'instance-data',
  'instance-data.ec2.internal',
  // Azure
  'metadata.azure.com',
  'metadata.azure.internal',
  // Tencent, IBM, Oracle, Equinix
  'metadata.tencentyun.com',
  'api.metadata.cloud.ibm.com',
  'metadata.oraclecloud.com',
  'metadata.platformequinix.com',
]);

/**
 * Whether an address is a metadata service, or an IPv6 address that ends with the IPv4 address of
 * one. Those are IPv4-mapped and IPv4-compatible addresses, and what a translator (NAT64) with any
 * prefix of 96 bits would pass on.
 *
 * @param address An address for which `isIP` is not 0, without a zone.
 */
export function isMetadataAddress(address: string): boolean {
  if (isIPv4(address)) return services.check(address, 'ipv4');
  const embedded = toBytes(address).slice(12).join('.');
  return services.check(address, 'ipv6') || services.check(embedded, 'ipv4');
}

/** Whether a host name is the name of a metadata service. */
export function isMetadataName(hostname: string): boolean {
  return hostNames.has(hostname.toLowerCase().replace(/\.$/, ''));
}
