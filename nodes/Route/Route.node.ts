import { route } from '../../src/flow/route/route.flow';
import { flowNode } from '../../src/hosts/n8n/flow-node';

export class Route extends flowNode(route) {}
